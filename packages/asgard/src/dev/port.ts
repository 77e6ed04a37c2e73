import { connect, createServer } from 'node:net';

const HOST = '127.0.0.1';
const PROBE_MS = 5;

/** A port that nobody listens on. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: HOST, port: 0, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Waits until somebody listens on the port, or until nobody does any more; false when the signal came first. */
export async function waitForPort(
  port: number,
  { listening, signal }: { listening: boolean; signal: AbortSignal },
): Promise<boolean> {
  while (!signal.aborted) {
    if ((await isListening(port)) === listening) return true;
    await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
  }
  return false;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
