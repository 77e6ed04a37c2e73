import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTokenVerifier, HeimdallError, type TokenVerifier } from '@asgard/heimdall-client';

/** A resource server with nothing in it: it tells who asks, and asks for more scope at `/mcp?write`. */
export interface ProtectedResource {
  readonly url: string;
  /** Says whose tokens are accepted from now on. */
  trust(issuer: string): void;
  close(): Promise<void>;
}

const metadataPath = '/.well-known/oauth-protected-resource/mcp';

/** Starts one on a free port. */
export async function startProtectedResource(): Promise<ProtectedResource> {
  let issuer = '';
  let verifier: TokenVerifier | undefined;
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const known = error instanceof HeimdallError;
      const challenge = `Bearer resource_metadata="${origin}${metadataPath}", scope="mcp:tools"`;
      response.writeHead(known ? error.status : 500, { 'www-authenticate': challenge }).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const url = `${origin}/mcp`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === metadataPath) {
      return json(response, 200, { resource: url, authorization_servers: [issuer], scopes_supported: ['mcp:tools'] });
    }
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (!verifier) throw new Error('The resource trusts nobody yet.');
    const principal = await verifier.verify(token);
    if (request.url === '/mcp?write' && !principal.scopes.includes('mcp:resources')) {
      const challenge = `Bearer error="insufficient_scope", scope="mcp:resources", resource_metadata="${origin}${metadataPath}"`;
      response.setHeader('www-authenticate', challenge);
      return json(response, 403, { error: 'insufficient_scope' });
    }
    const organizations = principal.organizations.map(({ alias }) => alias);
    json(response, 200, { username: principal.username, scopes: principal.scopes, organizations });
  }

  return {
    url,
    trust(trusted) {
      issuer = trusted;
      verifier = createTokenVerifier({ issuer, audience: url });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
