import { once } from 'node:events';
import { createHolds, formatHoldHeaders, type Hold, type HoldsOptions } from '@asgard/grip';
import { describe, expect, it } from 'vitest';
import { until } from '../../real/until.ts';
import { type ClientStream, open, send } from './client.ts';
import type { ContractContext } from './proxy-contract.ts';

/** The engine of `@asgard/grip` through the proxy. */
export function holdsContract(get: () => ContractContext): void {
  /** Serves a path with holds that `run` writes to. */
  function serve(run: (hold: Hold, request: number) => unknown, options: Partial<HoldsOptions> = {}) {
    const { origin, proxy } = get();
    const holds = createHolds({ publisher: proxy.publisher, ...options });
    const path = `/${crypto.randomUUID()}`;
    let count = 0;
    origin.on(path, async (_, response) => {
      const hold = holds.open();
      void run(hold, count++);
      response.writeHead(200, { 'content-type': 'text/event-stream', ...formatHoldHeaders(hold.instruction) }).end();
      response.on('finish', () => hold.answered());
      response.on('close', () => response.writableFinished || hold.abort());
    });
    return {
      holds,
      open: (): Promise<ClientStream> => open(`${proxy.url}${path}`, { body: '{}' }),
      url: `${proxy.url}${path}`,
    };
  }

  const events = (count: number): string => Array.from({ length: count }, (_, index) => `data: ${index}\n\n`).join('');

  async function writeAll(hold: Hold, count: number): Promise<void> {
    for (let event = 0; event < count; event++) await hold.write(`data: ${event}\n\n`);
    await hold.end();
  }

  describe('lets holds', () => {
    it('deliver 40 streams one after another, published without any pause', async () => {
      const server = serve((hold) => writeAll(hold, 5));
      for (let run = 0; run < 40; run++) expect(await (await server.open()).end()).toBe(events(5));
      expect(server.holds.stats()).toMatchObject({ opened: 40, completed: 40, open: 0 });
      await server.holds.close();
    });

    it('deliver 10 streams at once, four times', async () => {
      const server = serve((hold) => writeAll(hold, 5));
      for (let run = 0; run < 4; run++) {
        const clients = await Promise.all(Array.from({ length: 10 }, () => server.open()));
        for (const client of clients) expect(await client.end()).toBe(events(5));
      }
      await until(() => server.holds.stats().completed === 40);
      await server.holds.close();
    });

    it('deliver a burst of 5,000 events whole', async () => {
      const server = serve(async (hold) => {
        for (let event = 0; event < 5_000; event++) void hold.write(`data: ${event}\n\n`);
        await hold.end();
      });
      expect(await (await server.open()).end(10_000)).toBe(events(5_000));
      await server.holds.close();
    });

    it('cancel the work of a client that leaves', async () => {
      const aborted: Promise<unknown>[] = [];
      const server = serve((hold) => aborted.push(once(hold.signal, 'abort')));
      const client = await server.open();
      await until(() => server.holds.stats().live === 1);
      client.abort();
      await Promise.all(aborted);
      expect(server.holds.stats()).toMatchObject({ open: 0, cancelled: 1 });
      await server.holds.close();
    });

    it('cancel the work of clients that leave while the hold is being made', async () => {
      const signals: AbortSignal[] = [];
      const server = serve((hold) => signals.push(hold.signal), { readinessTimeoutMs: 1_000 });
      for (let wait = 0; wait <= 20; wait += 2) {
        const client = send(server.url, { body: '{}' });
        await new Promise((resolve) => setTimeout(resolve, wait));
        client.abort();
      }
      await until(() => server.holds.stats().open === 0, 3_000);
      expect(signals.every(({ aborted }) => aborted)).toBe(true);
      await server.holds.close();
    });

    it('drain: running streams get their results', async () => {
      const server = serve(async (hold) => {
        await hold.write('data: begun\n\n');
        setTimeout(() => void hold.end('data: result\n\n'), 300);
      });
      const clients = await Promise.all([server.open(), server.open()]);
      for (const client of clients) await client.has('begun');
      await server.holds.drain({ deadlineMs: 5_000 });
      for (const client of clients) expect(await client.end()).toBe('data: begun\n\ndata: result\n\n');
      expect(server.holds.stats().completed).toBe(2);
    });
  });
}
