import { gatewayContract } from './gateway-contract.ts';

// A gateway with the routes of routes.ts, whose service is http://127.0.0.1:ASGARD_BIFROST_SERVICE_PORT (default 8099), and which takes tokens of the issuer
// http://127.0.0.1:ASGARD_BIFROST_ISSUER_PORT/heimdall/realms/asgard (default 8098) for the audience of issuer.ts.
const url = process.env.ASGARD_BIFROST_URL;
const servicePort = Number(process.env.ASGARD_BIFROST_SERVICE_PORT ?? 8099);
const issuerPort = Number(process.env.ASGARD_BIFROST_ISSUER_PORT ?? 8098);

if (url === undefined) throw new Error('ASGARD_BIFROST_URL must name the gateway, as in http://127.0.0.1:8000');
gatewayContract(url, async () => ({ url, close: async () => undefined }), { servicePort, issuerPort });
