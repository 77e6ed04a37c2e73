import { gatewayContract } from './gateway-contract.ts';

// A gateway with the routes of routes.ts, whose service is http://127.0.0.1:ASGARD_BIFROST_SERVICE_PORT (default 8099).
const url = process.env.ASGARD_BIFROST_URL;
const servicePort = Number(process.env.ASGARD_BIFROST_SERVICE_PORT ?? 8099);

if (url === undefined) throw new Error('ASGARD_BIFROST_URL must name the gateway, as in http://127.0.0.1:8000');
gatewayContract(url, async () => ({ url, close: async () => undefined }), { servicePort });
