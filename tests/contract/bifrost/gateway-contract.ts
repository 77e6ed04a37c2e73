import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe } from 'vitest';
import { answersContract } from './contract-answers.ts';
import { corsContract } from './contract-cors.ts';
import { forwardingContract } from './contract-forwarding.ts';
import { limitsContract } from './contract-limits.ts';
import { registrationContract } from './contract-registration.ts';
import { routesContract } from './contract-routes.ts';
import { tokensContract } from './contract-tokens.ts';
import { type GatewayClient, readEcho, send } from './gateway-client.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { type Service, startService } from './service.ts';

export interface GatewayUnderTest {
  readonly url: string;
  close(): Promise<void>;
}

export interface GatewayContractOptions {
  /** Where the service listens; 0 for any. A real gateway has it in its configuration. */
  readonly servicePort?: number;
  /** Where the issuer listens; 0 for any. */
  readonly issuerPort?: number;
}

/**
 * What every gateway in front of Odin must do: the measured behaviour of Kong 3.9.3 that the stand-in shares.
 *
 * @param start starts a gateway with the routes of `contractRoutes(service)`, which takes the tokens of the issuer for `AUDIENCE`
 */
export function gatewayContract(
  name: string,
  start: (service: string, issuer: string) => Promise<GatewayUnderTest>,
  options: GatewayContractOptions = {},
): void {
  describe(`gateway contract: ${name}`, () => {
    let service: Service;
    let gateway: GatewayUnderTest;
    let issuer: Issuer;

    beforeAll(async () => {
      service = await startService(options.servicePort ?? 0);
      issuer = await startIssuer(options.issuerPort ?? (await freePort()));
      gateway = await start(service.url, issuer.url);
    });
    afterAll(async () => {
      await gateway?.close();
      await service?.close();
      await issuer?.close();
    });

    const client: GatewayClient = {
      get url() {
        return gateway.url;
      },
      get service() {
        return service;
      },
      get issuer() {
        return issuer;
      },
      call: (path, call) => send(`${gateway.url}${path}`, call),
      echo: async (path, call) => readEcho(await send(`${gateway.url}${path}`, call)),
    };
    routesContract(client);
    forwardingContract(client);
    corsContract(client);
    answersContract(client);
    limitsContract(client);
    tokensContract(client);
    registrationContract(client);
  });
}

/** The name of the issuer has its port, so it must be known before it listens. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
