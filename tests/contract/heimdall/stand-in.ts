import { startHeimdall } from '../../../packages/devstack/src/heimdall/heimdall.ts';
import { findFreePort } from '../../../packages/devstack/src/ports.ts';
import type { IssuerUnderTest } from './token-issuer.ts';

/** Starts the stand-in with a path issuer, reached at its own port. */
export async function startStandIn(resource: string): Promise<IssuerUnderTest> {
  const port = await findFreePort(0);
  const publicUrl = `http://localhost:${port}/heimdall/realms/asgard`;
  const heimdall = await startHeimdall({ publicUrl, port, resources: [resource] });
  return { issuer: heimdall.issuer, resource, users: heimdall.users, close: heimdall.close };
}
