import { expect, test } from 'vitest';
import type { HttpRequest, HttpResponder } from '../../src/http/message.ts';
import { KEEP_ALIVE } from '../../src/http/sse.ts';
import { openOutlet } from '../../src/legacy/outlet.ts';
import { Presence } from '../../src/legacy/presence.ts';

const request: HttpRequest = {
  method: 'GET',
  path: '/mcp',
  query: '',
  header: () => undefined,
  readBody: async () => '',
  onDisconnect: () => {},
  release: () => {},
};

/** Lets another timer of the same length fire so often. */
function afterTicks(count: number, ms: number): Promise<void> {
  return new Promise((resolve) => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
      if (ticks < count) return;
      clearInterval(timer);
      resolve();
    }, ms);
  });
}

test('a reader that does not take the last sign of life gets no other', async () => {
  const written: string[] = [];
  const responder: HttpResponder = {
    send: () => {},
    stream: () => ({
      write: (chunk) => {
        written.push(chunk);
        return chunk === KEEP_ALIVE ? new Promise(() => {}) : undefined;
      },
      end: () => {},
    }),
    sent: async () => {},
  };
  const outlet = await openOutlet({
    responder,
    presence: new Presence(request),
    principal: undefined,
    onRevoked: () => () => {},
    keepAliveMs: 1,
    hold: undefined,
    first: 'first',
  });
  await expect.poll(() => written).toEqual(['first', KEEP_ALIVE]);
  await afterTicks(10, 1);
  expect(written).toEqual(['first', KEEP_ALIVE]);
  await outlet.end('');
});
