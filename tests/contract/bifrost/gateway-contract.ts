import { afterAll, beforeAll, describe } from 'vitest';
import { answersContract } from './contract-answers.ts';
import { corsContract } from './contract-cors.ts';
import { forwardingContract } from './contract-forwarding.ts';
import { limitsContract } from './contract-limits.ts';
import { routesContract } from './contract-routes.ts';
import { type GatewayClient, readEcho, send } from './gateway-client.ts';
import { type Service, startService } from './service.ts';

export interface GatewayUnderTest {
  readonly url: string;
  close(): Promise<void>;
}

export interface GatewayContractOptions {
  /** Where the service listens; 0 for any. A real gateway has it in its configuration. */
  readonly servicePort?: number;
}

/**
 * What every gateway in front of Odin must do: the measured behaviour of Kong 3.9.3 that the stand-in shares.
 *
 * @param start starts a gateway with the routes of `contractRoutes(service)`
 */
export function gatewayContract(
  name: string,
  start: (service: string) => Promise<GatewayUnderTest>,
  options: GatewayContractOptions = {},
): void {
  describe(`gateway contract: ${name}`, () => {
    let service: Service;
    let gateway: GatewayUnderTest;

    beforeAll(async () => {
      service = await startService(options.servicePort ?? 0);
      gateway = await start(service.url);
    });
    afterAll(async () => {
      await gateway?.close();
      await service?.close();
    });

    const client: GatewayClient = {
      get url() {
        return gateway.url;
      },
      get service() {
        return service;
      },
      call: (path, call) => send(`${gateway.url}${path}`, call),
      echo: async (path, call) => readEcho(await send(`${gateway.url}${path}`, call)),
    };
    routesContract(client);
    forwardingContract(client);
    corsContract(client);
    answersContract(client);
    limitsContract(client);
  });
}
