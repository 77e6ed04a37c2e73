import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AsgardError } from '../errors.ts';

const PATH = '/callback';
const PAGE = '<!doctype html><meta charset="utf-8"><title>Asgard</title><p>Done. You can close this page.</p>';

/** Waits on loopback for the browser to come back from the issuer (RFC 8252 section 7.3). */
export interface RedirectListener {
  readonly redirectUrl: string;
  /** What the issuer answers to the request with this state. @throws AsgardError `cancelled`, `timed_out` */
  answer(state: string, signals: { interrupted: AbortSignal; timeoutMs: number }): Promise<URLSearchParams>;
  close(): void;
}

export async function startRedirectListener(): Promise<RedirectListener> {
  let deliver: ((answer: URLSearchParams) => boolean) | undefined;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const taken = request.method === 'GET' && url.pathname === PATH && deliver?.(url.searchParams) === true;
    response.writeHead(taken ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', connection: 'close' });
    response.end(taken ? PAGE : 'Not found');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    redirectUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    answer: (state, { interrupted, timeoutMs }) =>
      new Promise((resolve, reject) => {
        const stop = (): void => reject(new AsgardError('cancelled', 'Cancelled.'));
        if (interrupted.aborted) stop();
        interrupted.addEventListener('abort', stop, { once: true });
        const late = new AsgardError('timed_out', `Nobody signed in within ${timeoutMs / 1000} s.`);
        const timer = setTimeout(() => reject(late), timeoutMs);
        // Another page cannot know the state, so what comes without it is not the issuer's answer.
        deliver = (answer) => {
          if (answer.get('state') !== state) return false;
          clearTimeout(timer);
          interrupted.removeEventListener('abort', stop);
          resolve(answer);
          return true;
        };
      }),
    close: () => {
      server.close();
      server.closeIdleConnections();
    },
  };
}
