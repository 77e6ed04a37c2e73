import { createServer } from 'node:net';
import { DevstackError } from './errors.ts';

const NEIGHBOURS = 20;

/**
 * A port that is free on 127.0.0.1 and on ::1: the preferred one, else one of the next twenty, else any.
 *
 * @param preferred 0 for any
 * @throws DevstackError `listen_failed` when the machine has no free port at all
 */
export async function findFreePort(preferred: number): Promise<number> {
  if (preferred !== 0) {
    for (let port = preferred; port <= Math.min(preferred + NEIGHBOURS, 65_535); port += 1) {
      if (await isFree(port)) return port;
    }
  }
  for (let attempt = 0; attempt < NEIGHBOURS; attempt += 1) {
    const port = await probe('127.0.0.1', 0);
    if (typeof port === 'number' && (await isFree(port))) return port;
  }
  throw new DevstackError('listen_failed', 'No free TCP port was found on the loopback interface.');
}

async function isFree(port: number): Promise<boolean> {
  if ((await probe('127.0.0.1', port)) === 'taken') return false;
  // A machine without IPv6 cannot have the port taken there.
  return (await probe('::1', port)) !== 'taken';
}

function probe(host: string, port: number): Promise<number | 'taken' | 'unusable'> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE' ? 'taken' : 'unusable'));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 'unusable'));
    });
  });
}
