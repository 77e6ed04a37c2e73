import { oauthClientContract } from './oauth-client.ts';
import { startStandIn } from './stand-in.ts';
import { tokenIssuerContract } from './token-issuer.ts';

tokenIssuerContract('stand-in Heimdall', startStandIn);
oauthClientContract('stand-in Heimdall', startStandIn);
