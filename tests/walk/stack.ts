import { randomBytes } from 'node:crypto';
import { startBifrost, startHeimdall } from '@asgard/devstack';
import type { Stack, StartStack } from 'asgard';
import { developmentRoutes } from '../../packages/devstack/src/bifrost/development-routes.ts';
import { findFreePorts } from '../real/ports.ts';

/** Starts a GRIP proxy in front of a gateway. */
export type StartEdge = (options: EdgeOptions) => Promise<Edge>;

export interface EdgeOptions {
  /** Origin of the gateway behind it. */
  readonly upstream: string;
  /** Signs requests: `base64:` and the bytes. */
  readonly key: string;
  /** `iss` of the signatures. */
  readonly issuer: string;
}

export interface Edge {
  /** Where clients connect. */
  readonly url: string;
  /** Where an XPUB socket connects to, `tcp://…`. */
  readonly subscriberUrl: string;
  close(): Promise<void>;
}

const GRIP_ISSUER = 'asgard';

/** The stand-ins for gateway and identity provider, behind any GRIP proxy. */
export function behind(startEdge: StartEdge): StartStack {
  return async ({ serverPort }): Promise<Stack> => {
    const closers: (() => Promise<void>)[] = [];
    const close = async (): Promise<void> => {
      for (const end of closers.splice(0).reverse()) await end();
    };
    try {
      const key = `base64:${randomBytes(32).toString('base64')}`;
      const [gatewayPort = 0] = await findFreePorts(1);
      const edge = await startEdge({ upstream: `http://127.0.0.1:${gatewayPort}`, key, issuer: GRIP_ISSUER });
      closers.push(() => edge.close());
      const mcpUrl = `${edge.url}/mcp`;
      const heimdall = await startHeimdall({ publicUrl: `${edge.url}/heimdall/realms/asgard`, resources: [mcpUrl] });
      closers.push(() => heimdall.close());
      const places = { server: `http://127.0.0.1:${serverPort}`, heimdall: heimdall.url };
      const routes = developmentRoutes(places, { mcpPath: '/mcp', corsOrigins: [] });
      const bifrost = await startBifrost({ port: gatewayPort, routes });
      closers.push(() => bifrost.close());
      const grip = new URLSearchParams({ 'verify-key': key, 'verify-iss': GRIP_ISSUER });
      const environment = {
        ASGARD_URL: mcpUrl,
        ASGARD_ISSUER: heimdall.issuer,
        GRIP_URL: `${edge.subscriberUrl}?${grip}`,
      };
      return { url: edge.url, mcpUrl, issuer: heimdall.issuer, users: heimdall.users, environment, close };
    } catch (error) {
      await close();
      throw error;
    }
  };
}
