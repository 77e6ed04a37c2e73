import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { formatClientDocument } from '@asgard/heimdall-client';
import { createAuthority } from '../../real/certificates.ts';

export const REDIRECT_URI = 'http://127.0.0.1:1/callback';

/** A host on this machine that stands for an inner server, and for hosts whose documents are no good. */
export interface DocumentHost {
  readonly port: number;
  /** Paths that were asked for. The issuer asks twice for what it does not take: once more when it says so. */
  readonly asked: Set<string>;
  /** Answers that their reader cut off, and the bytes of them that had been taken. */
  readonly cutOff: { readonly path: string; readonly bytes: number }[];
  close(): Promise<void>;
}

type Answer = (response: ServerResponse, url: string) => void;

const json = (value: unknown, type = 'application/json'): Answer => {
  return (response) => void response.writeHead(200, { 'content-type': type }).end(JSON.stringify(value));
};
const documentOf = (url: string): Readonly<Record<string, unknown>> =>
  formatClientDocument({ url, name: 'attacker', redirectUris: [REDIRECT_URI] });
const good: Answer = (response, url) => json(documentOf(url))(response, url);
const redirect = (location: string): Answer => {
  return (response) => void response.writeHead(302, { location, 'content-type': 'application/json' }).end();
};

const answers: Readonly<Record<string, Answer>> = {
  '/good.json': good,
  '/secret': good,
  '/other-id.json': (response, url) => json(documentOf(`${url}x`))(response, url),
  '/list.json': (response, url) => json([documentOf(url)])(response, url),
  '/shared-secret.json': (response, url) => json({ ...documentOf(url), client_secret: 'known' })(response, url),
  '/page.json': (response, url) => json(documentOf(url), 'text/html')(response, url),
  '/redirect.json': redirect('/secret'),
  '/cloud.json': redirect('http://169.254.169.254/latest/meta-data'),
  '/silent.json': () => {},
  '/slow.json': (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
  '/long.json': (response, url) => {
    const text = JSON.stringify({ ...documentOf(url), more: 'x'.repeat(100_000) });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
  },
  '/endless.json': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const chunk = ' '.repeat(65_536);
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  },
};

export async function startDocumentHost(): Promise<DocumentHost> {
  const authority = await createAuthority();
  const { key, cert } = await authority.issue('IP:127.0.0.1');
  await authority.close();
  const asked = new Set<string>();
  const cutOff: { path: string; bytes: number }[] = [];
  const server = createServer({ key, cert }, (request: IncomingMessage, response) => {
    const path = request.url ?? '';
    asked.add(path);
    const before = request.socket.bytesWritten;
    response.on('close', () => {
      if (!response.writableFinished) cutOff.push({ path, bytes: request.socket.bytesWritten - before });
    });
    const answer = answers[path];
    if (answer) answer(response, `https://${request.headers.host}${path}`);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    cutOff,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}
