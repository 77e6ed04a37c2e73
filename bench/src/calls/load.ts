import { Pool } from 'undici';
import { assertAnswer, type HttpRequest } from './requests.ts';

export interface Load {
  readonly port: number;
  readonly what: 'call' | 'list';
  readonly request: HttpRequest;
  /** Offered requests per second. */
  readonly rate: number;
  readonly durationMs: number;
}

export interface Served {
  readonly served: number;
  /** Offered while too many others had no answer yet, so never sent. */
  readonly dropped: number;
}

const CONNECTIONS = 32;
/** Requests without an answer; beyond it the server is saturated and more would only wait in the client. */
const MAX_OPEN = 64;
const TICK_MS = 2;

/**
 * Open loop: offers a fixed number of requests per second, whatever the server makes of it. In a closed loop a faster
 * server would leave its client no time, and a slower one would idle, so that they would not bear the same load.
 *
 * @throws Error for a wrong answer
 */
export async function offer({ port, what, request, rate, durationMs }: Load): Promise<Served> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS, pipelining: 1 });
  const open = new Set<Promise<void>>();
  let [offered, served, dropped] = [0, 0, 0];
  let failure: unknown;
  const send = async (): Promise<void> => {
    const { statusCode, body } = await pool.request({
      path: '/mcp',
      method: 'POST',
      headers: request.headers,
      body: request.body,
    });
    const text = await body.text();
    if (served === 0 || statusCode !== 200) assertAnswer(what, statusCode, text);
    served += 1;
  };
  const startedAt = performance.now();
  for (let elapsed = 0; elapsed < durationMs && failure === undefined; elapsed = performance.now() - startedAt) {
    for (; offered < (elapsed / 1_000) * rate; offered += 1) {
      if (open.size >= MAX_OPEN) {
        dropped += 1;
        continue;
      }
      const sent: Promise<void> = send()
        .catch((error: unknown) => {
          failure = error;
        })
        .finally(() => open.delete(sent));
      open.add(sent);
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(open);
  await pool.close();
  if (failure !== undefined) throw failure;
  return { served, dropped };
}
