/**
 * An origin of its own process for the fault tests of holds.
 * Arguments: port, replica id, subscriber URL of the proxy, key of Grip-Sig.
 *
 * `POST /events?count=&pause=` streams events; `POST /work?ms=&id=` streams `begun`, works and gives its result; `GET /stats`
 * gives counters. SIGTERM drains; SIGKILL does not.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createHolds, createSigVerifier, formatHoldHeaders, type Hold } from '@asgard/grip';
import { createLeaseSealer } from '@asgard/grip/node';
import { createXpubPublisher } from '@asgard/grip/zeromq';

const [port = '0', replica = 'origin', subscriberUrl = '', key = ''] = process.argv.slice(2);
const publisher = createXpubPublisher({ urls: [subscriberUrl] });
const verifier = createSigVerifier({ keys: [key], issuer: 'asgard' });
const holds = createHolds({
  publisher,
  replica,
  recovery: {
    url: '/.next',
    sealer: createLeaseSealer({ keys: [key] }),
    timeoutSeconds: 30,
    explain: ({ reason, data }) => `data: ${JSON.stringify({ id: data, error: reason })}\n\n`,
  },
});
const aborts: number[] = [];
let draining = false;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://origin');
  if (url.pathname === '/stats') {
    response.end(JSON.stringify({ ...holds.stats(), aborts, available: holds.available }));
    return;
  }
  if (!(await verifier.verify(String(request.headers['grip-sig'])))) {
    response.writeHead(403).end();
    return;
  }
  if (url.pathname.startsWith('/.next/')) {
    const last = request.headers['grip-last'];
    const { status, headers, body } = holds.recover({ last: last === undefined ? null : String(last) });
    response.writeHead(status, headers).end(body);
    return;
  }
  if (draining) {
    response.writeHead(503).end();
    return;
  }
  const number = (name: string): number => Number(url.searchParams.get(name) ?? 0);
  const id = url.searchParams.get('id') ?? '';
  const hold = holds.open({ lease: id });
  hold.signal.addEventListener('abort', () => aborts.push(Date.now()));
  response.writeHead(200, { 'content-type': 'text/event-stream', ...formatHoldHeaders(hold.instruction) }).end();
  response.on('finish', () => hold.answered());
  response.on('close', () => response.writableFinished || hold.abort());
  const run = url.pathname === '/work' ? work(hold, number('ms'), id) : events(hold, number('count'), number('pause'));
  run.catch(() => undefined);
}

async function events(hold: Hold, count: number, pauseMs: number): Promise<void> {
  for (let event = 0; event < count; event++) {
    await hold.write(`data: ${event}\n\n`);
    if (Math.random() < 0.5) await delay(Math.random() * pauseMs);
  }
  await hold.end();
}

async function work(hold: Hold, ms: number, id: string): Promise<void> {
  await hold.write(`data: begun\n\n`);
  await delay(ms, undefined, { signal: hold.signal });
  await hold.end(`data: ${JSON.stringify({ id, result: 'done' })}\n\n`);
}

await publisher.ready();
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => void answer(request, response));
});
// A proxy keeps connections for the next requests: closing them first would fail those.
server.keepAliveTimeout = 75_000;
server.listen(Number(port), '127.0.0.1', () => process.send?.('listening'));

process.on('SIGTERM', async () => {
  draining = true;
  // The listener closes last: a proxy whose link is refused keeps what is published until it has asked again.
  await holds.drain({ deadlineMs: 20_000 });
  server.close();
  await publisher.close();
  process.exit(0);
});
