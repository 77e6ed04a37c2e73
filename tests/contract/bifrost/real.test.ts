import { describe, test } from 'vitest';
import { gatewayContract } from './gateway-contract.ts';

// A gateway with the routes of routes.ts, whose service is http://127.0.0.1:ASGARD_BIFROST_SERVICE_PORT (default 8099).
const url = process.env.ASGARD_BIFROST_URL;
const servicePort = Number(process.env.ASGARD_BIFROST_SERVICE_PORT ?? 8099);

if (url === undefined) {
  describe('gateway contract: real gateway', () => {
    test.skip('ASGARD_BIFROST_URL is not set', () => undefined);
  });
} else {
  gatewayContract(url, async () => ({ url, close: async () => undefined }), { servicePort });
}
