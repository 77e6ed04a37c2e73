import { startBifrost } from '@asgard/devstack';
import { gatewayContract } from './gateway-contract.ts';
import { AUDIENCE, RESOURCE_METADATA } from './issuer.ts';
import { contractRoutes } from './routes.ts';

gatewayContract('stand-in', (service, issuer) =>
  startBifrost({
    routes: contractRoutes(service),
    tokens: { issuer, audience: AUDIENCE, resourceMetadata: RESOURCE_METADATA },
  }),
);
