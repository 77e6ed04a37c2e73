import { boundTokenContract } from './bound-tokens.ts';
import { clientDocumentContract } from './client-document.ts';
import { introspectionContract } from './introspection.ts';
import { oauthClientContract } from './oauth-client.ts';
import { signOutContract } from './sign-out.ts';
import { startDocumentStandIn, startOpaqueStandIn, startStandIn } from './stand-in.ts';
import { tokenExchangeContract } from './token-exchange.ts';
import { tokenIssuerContract } from './token-issuer.ts';

tokenIssuerContract('stand-in Heimdall', startStandIn);
oauthClientContract('stand-in Heimdall', startStandIn);
boundTokenContract('stand-in Heimdall', startStandIn);
signOutContract('stand-in Heimdall', startStandIn);
introspectionContract('stand-in Heimdall', startOpaqueStandIn, 'opaque');
tokenExchangeContract('stand-in Heimdall', startStandIn);
clientDocumentContract('stand-in Heimdall', startDocumentStandIn);
