import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';

const LIMIT_MS = 10_000;
const TRY_MS = 300;

/**
 * Waits until a proxy holds. Its parts say that they have started before they have found each other; until then it answers holds
 * with 502, or cuts the connection.
 * @param url leads through the proxy to `originPort` of 127.0.0.1.
 */
export async function untilItHolds(url: string, originPort: number): Promise<void> {
  const origin = createServer((_, response) => {
    response.writeHead(200, { 'grip-hold': 'stream', 'grip-channel': 'probe' }).end();
  });
  origin.listen(originPort, '127.0.0.1');
  await once(origin, 'listening');
  try {
    const deadline = performance.now() + LIMIT_MS;
    while (!(await isHeld(url))) {
      if (performance.now() > deadline) throw new Error('Pushpin has started but does not hold');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    origin.closeAllConnections();
    origin.close();
  }
}

function isHeld(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: TRY_MS }, (response: IncomingMessage) => {
      resolve(response.statusCode === 200);
      request.destroy();
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
