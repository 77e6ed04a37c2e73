import {
  createHolds,
  createSigVerifier,
  formatHoldHeaders,
  formatLast,
  GRIP_HEADERS,
  type Hold,
  type Holds,
  type HoldsOptions,
  type MonitoredPublisher,
  type PublishItem,
} from '@asgard/grip';
import { createLeaseSealer } from '@asgard/grip/node';
import { describe, expect, it } from 'vitest';
import { until } from '../../real/until.ts';
import { type ClientStream, open } from './client.ts';
import type { ContractContext } from './proxy-contract.ts';

/** Numbered holds: whatever is lost on the way, the client gets all of it or an explanation. */
export function recoveryContract(get: () => ContractContext): void {
  const sealer = createLeaseSealer({ keys: ['a key for leases that is long enough'] });
  const explain = ({ reason, data }: { reason: string; data: string }): string => `data: ${reason} ${data}\n\n`;

  interface Server {
    readonly holds: Holds;
    /** The path of its links. */
    readonly link: string;
    /** The channel of the newest hold. */
    readonly channel: string;
    open(options?: { paused: boolean }): Promise<ClientStream>;
    /** The same path and links, as after a restart: the new process knows nothing of its old holds. */
    restart(publisher: MonitoredPublisher): void;
  }

  interface ServeOptions extends Partial<HoldsOptions> {
    readonly timeoutSeconds?: number;
    /** Items that are lost on the way. */
    readonly lose?: (item: PublishItem) => boolean;
    /** Links that lead straight to the origin. */
    readonly absolute?: boolean;
  }

  function serve(run: (hold: Hold) => unknown, options: ServeOptions = {}): Server {
    const { origin, proxy, key } = get();
    const { timeoutSeconds = 60, lose = () => false, absolute = false, ...rest } = options;
    const verifier = createSigVerifier({ keys: [key] });
    const path = `/${crypto.randomUUID()}`;
    const link = `/${crypto.randomUUID()}`;
    const url = absolute ? `${origin.url}${link}` : link;
    const replica = crypto.randomUUID();
    const create = ({ monitor, ...publisher }: MonitoredPublisher): Holds => {
      const publish = (item: PublishItem): Promise<void> => (lose(item) ? Promise.resolve() : publisher.publish(item));
      const recovery = { url, sealer, explain, timeoutSeconds };
      return createHolds({ publisher: { ...publisher, publish, monitor }, replica, recovery, ...rest });
    };
    const server = { holds: create(proxy.publisher), channel: '' };
    origin.on(path, (_, response) => {
      const hold = server.holds.open({ lease: 'request 7' });
      server.channel = hold.channel;
      Promise.resolve(run(hold)).catch(() => undefined);
      response.writeHead(200, { 'content-type': 'text/event-stream', ...formatHoldHeaders(hold.instruction) }).end();
      response.on('finish', () => hold.answered());
    });
    origin.onBelow(link, async (request, response) => {
      const { [GRIP_HEADERS.sig]: sig, [GRIP_HEADERS.last]: last } = request.headers;
      if (!(await verifier.verify(String(sig)))) return response.writeHead(403).end();
      const { status, headers, body } = server.holds.recover({ last: last === undefined ? null : String(last) });
      return response.writeHead(status, headers).end(body);
    });
    return {
      link,
      get holds() {
        return server.holds;
      },
      get channel() {
        return server.channel;
      },
      open: (clientOptions) => open(`${proxy.url}${path}`, { body: '{}', ...clientOptions }),
      restart(publisher) {
        server.holds = create(publisher);
      },
    };
  }

  const events = (count: number): string => Array.from({ length: count }, (_, index) => `data: ${index}\n\n`).join('');

  async function writeAll(hold: Hold, count: number): Promise<void> {
    for (let event = 0; event < count; event++) await hold.write(`data: ${event}\n\n`);
    await hold.end();
  }

  describe('with numbers and links, holds', () => {
    it('deliver what others do: 20 streams, then a burst of 5,000 events', async () => {
      const server = serve((hold) => writeAll(hold, 5));
      for (let run = 0; run < 20; run++) expect(await (await server.open()).end()).toBe(events(5));
      const burst = serve(async (hold) => {
        for (let event = 0; event < 5_000; event++) void hold.write(`data: ${event}\n\n`);
        await hold.end();
      });
      expect(await (await burst.open()).end(10_000)).toBe(events(5_000));
      expect([server.holds.stats().completed, burst.holds.stats().completed]).toEqual([20, 1]);
    });

    it.each([false, true])('repair what was lost, the close included (absolute links: %s)', async (absolute) => {
      let count = 0;
      const server = serve((hold) => writeAll(hold, 60), {
        absolute,
        lose: () => ++count % 7 === 3,
        timeoutSeconds: 2,
      });
      const clients = await Promise.all([server.open(), server.open(), server.open()]);
      for (const client of clients) expect(await client.end(15_000)).toBe(events(60));
      expect(server.holds.stats().recovered).toBeGreaterThan(0);
    });

    it('find a lost close at the latest when the link’s time is over', async () => {
      const server = serve((hold) => writeAll(hold, 3), {
        lose: ({ format }) => 'action' in format,
        timeoutSeconds: 1,
      });
      expect(await (await server.open()).end(10_000)).toBe(events(3));
    });

    it('go on over many checks of the link, nothing lost, nothing twice, nobody cancelled', async () => {
      let sent = 0;
      const server = serve(
        async (hold) => {
          for (; sent < 400 && !hold.signal.aborted; sent++) {
            await hold.write(`data: ${sent}\n\n`);
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
          await hold.end();
        },
        { timeoutSeconds: 1 },
      );
      expect(await (await server.open()).end(15_000)).toBe(events(400));
      expect(server.holds.stats()).toMatchObject({ completed: 1, cancelled: 0, lost: 0 });
    });

    it('end with an explanation, soon, when their server was replaced', async () => {
      const server = serve((hold) => hold.write('data: begun\n\n'));
      const client = await server.open();
      await client.has('begun');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const { proxy } = get();
      const before = server.holds;
      const late = proxy.connect?.();
      server.restart(late ?? proxy.publisher);
      const format = { kind: 'http-stream', action: 'hint' } as const;
      if (!late) await proxy.publisher.publish({ channel: server.channel, format });
      expect(await client.end(5_000)).toBe('data: begun\n\ndata: unknown request 7\n\n');
      await before.close();
      await late?.close();
    });

    it('are no business of a stranger who knows the link', async () => {
      const server = serve((hold) => hold.write('data: secret\n\n'));
      const client = await server.open();
      await client.has('secret');
      const { origin, proxy } = get();
      const linked = (): string | undefined => origin.requests.find(({ url }) => url.startsWith(server.link))?.url;
      await until(linked);
      const forged = { 'grip-last': formatLast([{ channel: server.channel, lastId: '0' }]) };
      const stranger = await open(`${proxy.url}${linked()}`, { headers: forged });
      expect([stranger.status, await stranger.end()]).toEqual([404, '']);
      client.abort();
    });

    it('have bounded memory when the client does not read: in the end it has all, or is told', async () => {
      const block = `data: ${'x'.repeat(40_000)}\n\n`;
      const server = serve(
        async (hold) => {
          for (let event = 0; event < 500 && !hold.signal.aborted; event++) await hold.write(block);
          await hold.end('data: end\n\n');
        },
        { timeoutSeconds: 1, maxBytesPerHold: 1_048_576 },
      );
      const client = await server.open({ paused: true });
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect(server.holds.stats().queuedBytes).toBeLessThan(1_048_577);
      if (get().proxy.stallsSlowReaders) return client.abort();
      client.resume();
      const text = await client.end(30_000);
      const whole = text === `${block.repeat(500)}data: end\n\n`;
      expect(whole || text.endsWith('data: gap request 7\n\n')).toBe(true);
      expect(text.replaceAll(block, '')).toMatch(whole ? /^data: end\n\n$/ : /^data: gap request 7\n\n$/);
    });
  });
}
