import { createLeaseSealer } from '@asgard/grip/node';
import { describe, expect, it } from 'vitest';
import { modernRequest } from '../fixture.ts';
import { channelsOf, createHeldFixture, messagesIn, sign } from './proxy.ts';

const STEPS = { name: 'steps', arguments: { count: 3 } };
const sealer = createLeaseSealer({ keys: ['a secret of at least thirty-two characters'] });
const PROGRESS = { meta: { progressToken: 'p' } };

describe('a call behind the proxy', () => {
  it('is answered as JSON when it is quick', async () => {
    const { odin, proxied } = createHeldFixture();
    const response = await odin.fetch(await proxied('tools/call', { name: 'add', arguments: { a: 1 } }));
    expect([response.status, response.headers.get('content-type'), response.headers.get('grip-hold')]).toEqual([
      200,
      'application/json',
      null,
    ]);
  });

  it('is held from its first notification on; every message arrives in order, the result last', async () => {
    const { odin, proxied, publisher, heard } = createHeldFixture();
    const response = await odin.fetch(await proxied('tools/call', STEPS, PROGRESS));
    expect([response.headers.get('grip-hold'), response.headers.get('content-type')]).toEqual([
      'stream',
      'text/event-stream',
    ]);
    const [channel = ''] = channelsOf(response);
    expect(channel).toMatch(/\.r1\./);
    const first = messagesIn([await response.text()]);
    expect(first).toMatchObject([{ method: 'notifications/progress', params: { progress: 1 } }]);
    expect(publisher.published).toEqual([]);
    publisher.subscribe(channel);
    await expect.poll(() => heard(channel).at(-1)).toBe('close');
    expect([...first, ...messagesIn(heard(channel))]).toMatchObject([
      { params: { progress: 1 } },
      { params: { progress: 2 } },
      { params: { progress: 3 } },
      { id: 1, result: { content: [{ text: '3 steps' }] } },
    ]);
  });

  it('is held when it outlives the patience in silence, and its signal aborts when the client leaves', async () => {
    const { odin, proxied, publisher, ran } = createHeldFixture({ http: { patienceMs: 5 } });
    const response = await odin.fetch(await proxied('tools/call', { name: 'wait' }));
    expect(await response.text()).toBe('');
    const [channel = ''] = channelsOf(response);
    publisher.subscribe(channel);
    expect(ran).toEqual(['wait']);
    publisher.unsubscribe(channel);
    await expect.poll(() => ran).toEqual(['wait', 'wait aborted']);
  });

  it('aborts when the proxy never takes the hold over', async () => {
    const { odin, proxied, ran } = createHeldFixture({ http: { patienceMs: 5 } });
    await odin.fetch(await proxied('tools/call', { name: 'wait' }));
    await expect.poll(() => ran, { timeout: 4_000 }).toEqual(['wait', 'wait aborted']);
  });

  it.each([
    ['no signature', async () => undefined],
    ['a forged signature', () => sign('another secret of thirty-two bytes')],
    ['an expired signature', () => sign(undefined, 'asgard', 1)],
    ['a signature of another issuer', () => sign(undefined, 'mallory')],
    ['garbage', async () => 'e30.e30.e30'],
  ])('with %s is never told to be held', async (_, signature) => {
    const { odin, publisher } = createHeldFixture();
    const request = modernRequest('tools/call', STEPS, { ...PROGRESS, headers: { 'grip-sig': await signature() } });
    const response = await odin.fetch(request);
    expect([...response.headers.keys()].filter((name) => name.startsWith('grip-'))).toEqual([]);
    expect(messagesIn([await response.text()])).toHaveLength(4);
    expect(publisher.published).toEqual([]);
  });

  it('with a body that the proxy could not hold is streamed by this process', async () => {
    const { odin, proxied } = createHeldFixture();
    const response = await odin.fetch(await proxied('tools/call', { ...STEPS, padding: 'x'.repeat(96_000) }, PROGRESS));
    expect([response.headers.get('grip-hold'), messagesIn([await response.text()]).length]).toEqual([null, 4]);
  });

  it('is streamed by this process while the proxy cannot be published to, and for tools that ask for it', async () => {
    const { odin, proxied, publisher } = createHeldFixture();
    odin.tool({ name: 'own', hold: 'never' }, (context) => context.progress(1));
    publisher.setConnected(false);
    expect((await odin.fetch(await proxied('tools/call', STEPS, PROGRESS))).headers.get('grip-hold')).toBeNull();
    publisher.setConnected(true);
    expect(
      (await odin.fetch(await proxied('tools/call', { name: 'own' }, PROGRESS))).headers.get('grip-hold'),
    ).toBeNull();
  });

  it('is held at once when the tool asks for it', async () => {
    const { odin, proxied } = createHeldFixture();
    odin.tool({ name: 'always', hold: 'always' }, () => 'done');
    expect((await odin.fetch(await proxied('tools/call', { name: 'always' }))).headers.get('grip-hold')).toBe('stream');
  });

  it('ends with the protocol error of its own id when the caller’s token expires', async () => {
    const { odin, proxied, publisher, heard } = createHeldFixture({ http: { patienceMs: 5 } }, { maxHoldMs: 100 });
    const response = await odin.fetch(await proxied('tools/call', { name: 'wait' }, { id: 'call-9' }));
    const [channel = ''] = channelsOf(response);
    publisher.subscribe(channel);
    await expect.poll(() => heard(channel).at(-1), { timeout: 3_000 }).toBe('close');
    expect(messagesIn(heard(channel))).toMatchObject([{ id: 'call-9' }]);
  });

  it.each([false, true])(
    'whose handler ignores its signal ends with one retryable error of its own id, at the end of its time and at the deadline (recovery: %s)',
    async (recovery) => {
      for (const end of ['expired', 'drained']) {
        const { odin, proxied, publisher, heard } = createHeldFixture(
          { http: { patienceMs: 5 } },
          { ...(end === 'expired' && { maxHoldMs: 100 }), ...(recovery && { recovery: { sealer } }) },
        );
        let aborted = false;
        odin.tool({ name: 'deaf' }, async ({ signal }) => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
          await new Promise(() => {});
        });
        const response = await odin.fetch(await proxied('tools/call', { name: 'deaf' }, { id: 'call-9' }));
        const [channel = ''] = channelsOf(response);
        publisher.onPublish(({ format }) => {
          if ('action' in format) publisher.unsubscribe(channel);
        });
        publisher.subscribe(channel);
        if (end === 'drained') await odin.close({ deadlineMs: 20 });
        await expect.poll(() => heard(channel).at(-1), { timeout: 4_000 }).toBe('close');
        expect(aborted).toBe(true);
        expect(messagesIn(heard(channel))).toEqual([
          {
            jsonrpc: '2.0',
            id: 'call-9',
            error: { code: -32603, message: expect.stringContaining('Retry'), data: { retryable: true } },
          },
        ]);
      }
    },
  );

  it('whose handler throws at the end of its time ends with the same error', async () => {
    const { odin, proxied, publisher, heard } = createHeldFixture({ http: { patienceMs: 5 } }, { maxHoldMs: 100 });
    odin.tool({ name: 'obeys' }, ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)));
    const [channel = ''] = channelsOf(await odin.fetch(await proxied('tools/call', { name: 'obeys' })));
    publisher.subscribe(channel);
    await expect.poll(() => heard(channel).at(-1), { timeout: 3_000 }).toBe('close');
    expect(messagesIn(heard(channel))).toMatchObject([{ id: 1, error: { code: -32603, data: { retryable: true } } }]);
  });

  it('delivers what runs before close, then closes', async () => {
    const { odin, proxied, publisher, heard } = createHeldFixture({ http: { patienceMs: 5 } });
    let finish: (() => void) | undefined;
    odin.tool(
      { name: 'long' },
      () =>
        new Promise<string>((resolve) => {
          finish = () => resolve('finished');
        }),
    );
    const response = await odin.fetch(await proxied('tools/call', { name: 'long' }));
    const [channel = ''] = channelsOf(response);
    publisher.subscribe(channel);
    const closing = odin.close({ deadlineMs: 2_000 });
    finish?.();
    await closing;
    expect(messagesIn(heard(channel))).toMatchObject([{ id: 1, result: { content: [{ text: 'finished' }] } }]);
    expect(heard(channel).at(-1)).toBe('close');
  });
});

describe('hermod.required', () => {
  it('refuses what did not come through the proxy, before anything runs', async () => {
    const { odin, proxied, ran } = createHeldFixture({}, { required: true });
    const call = { name: 'add', arguments: { a: 1 } };
    expect((await odin.fetch(modernRequest('tools/call', call))).status).toBe(403);
    expect(ran).toEqual([]);
    expect((await odin.fetch(await proxied('tools/call', call))).status).toBe(200);
  });
});
