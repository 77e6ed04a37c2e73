import { type HeimdallOptions, startHeimdall } from '../../../packages/devstack/src/heimdall/heimdall.ts';
import { findFreePort } from '../../../packages/devstack/src/ports.ts';
import type { IssuerUnderTest, StartIssuer } from './token-issuer.ts';

/** Starts the stand-in with a path issuer, reached at its own port. */
export const startStandIn: StartIssuer = (resource) => start(resource, 'jwt');

/** The same with opaque access tokens. */
export const startOpaqueStandIn: StartIssuer = (resource) => start(resource, 'opaque');

async function start(
  resource: string,
  tokenFormat: NonNullable<HeimdallOptions['tokenFormat']>,
): Promise<IssuerUnderTest> {
  const port = await findFreePort(0);
  const publicUrl = `http://localhost:${port}/heimdall/realms/asgard`;
  const heimdall = await startHeimdall({
    publicUrl,
    port,
    resources: [resource],
    tokenFormat,
    exchangeTargets: ['calendar'],
  });
  const exchange = { audience: 'calendar', refusal: 'target_refused' };
  return { issuer: heimdall.issuer, resource, users: heimdall.users, exchange, close: heimdall.close };
}
