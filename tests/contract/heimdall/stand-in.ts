import { formatClientDocument } from '@asgard/heimdall-client';
import { type HeimdallOptions, startHeimdall } from '../../../packages/devstack/src/heimdall/heimdall.ts';
import { findFreePort } from '../../../packages/devstack/src/ports.ts';
import type { DocumentIssuer } from './client-document.ts';
import type { IssuerUnderTest, StartIssuer } from './token-issuer.ts';

/** Starts the stand-in with a path issuer, reached at its own port. */
export const startStandIn: StartIssuer = (resource) => start(resource, 'jwt');

/** The same with opaque access tokens. */
export const startOpaqueStandIn: StartIssuer = (resource) => start(resource, 'opaque');

/** The same, which reads the documents of clients from a host that is made up. */
export async function startDocumentStandIn(resource: string): Promise<DocumentIssuer> {
  const urlOf = (name: string) => `https://localhost:1/${name}.json`;
  const document = (name: string) =>
    formatClientDocument({ url: urlOf(name), name, redirectUris: ['http://127.0.0.1:1/callback'] });
  const files = new Map<string, unknown>([
    [urlOf('good'), document('good')],
    [urlOf('other-id'), document('good')],
    [urlOf('secret'), { ...document('secret'), token_endpoint_auth_method: 'client_secret_basic' }],
  ]);
  const read: typeof fetch = async (input) => {
    const file = files.get(String(input));
    return file === undefined ? new Response('', { status: 404 }) : Response.json(file);
  };
  const issuer = await start(resource, 'jwt', { clientDocuments: true, fetch: read });
  const documents = {
    ...{ good: urlOf('good'), otherId: urlOf('other-id'), secret: urlOf('secret'), missing: urlOf('missing') },
  };
  return { ...issuer, documents };
}

async function start(
  resource: string,
  tokenFormat: NonNullable<HeimdallOptions['tokenFormat']>,
  more: Pick<HeimdallOptions, 'clientDocuments' | 'fetch'> = {},
): Promise<IssuerUnderTest> {
  const port = await findFreePort(0);
  const publicUrl = `http://localhost:${port}/heimdall/realms/asgard`;
  const heimdall = await startHeimdall({
    publicUrl,
    port,
    resources: [resource],
    tokenFormat,
    exchangeTargets: ['calendar'],
    ...more,
  });
  const exchange = { audience: 'calendar', refusal: 'target_refused' };
  return { issuer: heimdall.issuer, resource, users: heimdall.users, exchange, close: heimdall.close };
}
