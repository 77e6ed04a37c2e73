import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { timeout } from '../src/middleware.ts';
import { serveStdio } from '../src/stdio.ts';
import { createFixture, ENVELOPE, type Recorded } from './fixture.ts';

interface Pipe extends Recorded {
  send(message: unknown): void;
  received(): Record<string, unknown>[];
  end(): Promise<void>;
}

function open(): Pipe {
  const fixture = createFixture();
  const input = new PassThrough();
  const output = new PassThrough();
  let text = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const served = serveStdio(fixture.odin, { input, output });
  return {
    ...fixture,
    send: (message) => void input.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    received: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    end: () => {
      input.end();
      return served;
    },
  };
}

const modern = (id: number | string, method: string, params: object = {}, meta: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method,
  params: { ...params, _meta: { ...ENVELOPE, ...meta } },
});

describe('stdio', () => {
  it('serves 2026-07-28 without a handshake, side by side', async () => {
    const pipe = open();
    pipe.send(modern(1, 'server/discover'));
    pipe.send(modern('two', 'tools/call', { name: 'steps', arguments: { count: 2 } }, { progressToken: 9 }));
    pipe.send(modern(3, 'tools/call', { name: 'add', arguments: { a: 1 } }));
    await expect
      .poll(() =>
        pipe
          .received()
          .filter((message) => 'id' in message)
          .map(({ id }) => id)
          .sort(),
      )
      .toEqual([1, 3, 'two']);
    expect(pipe.received().filter((message) => message.method === 'notifications/progress')).toHaveLength(2);
    await pipe.end();
  });

  it('serves the old era after initialize, and nothing of it before', async () => {
    const pipe = open();
    pipe.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    pipe.send({
      jsonrpc: '2.0',
      id: 2,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
    });
    pipe.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    pipe.send({ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'add', arguments: { a: 1 } } });
    await expect.poll(() => pipe.received().length).toBe(3);
    expect(pipe.received()).toMatchObject([
      { id: 1, error: { code: -32022 } },
      { id: 2, result: { protocolVersion: '2025-11-25' } },
      { id: 3, result: { structuredContent: { sum: 1 } } },
    ]);
    await pipe.end();
  });

  it('cancels by notification, and answers no more', async () => {
    const pipe = open();
    pipe.send(modern(1, 'tools/call', { name: 'wait' }));
    await expect.poll(() => pipe.ran).toEqual(['wait']);
    pipe.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    await expect.poll(() => pipe.ran).toEqual(['wait', 'wait aborted']);
    await pipe.end();
    expect(pipe.received()).toEqual([]);
  });

  it('answers what the server itself cancelled', async () => {
    const pipe = open();
    pipe.odin.use(timeout({ ms: 20, methods: ['tools/call'] }));
    pipe.send(modern(1, 'tools/call', { name: 'wait' }));
    await expect.poll(() => pipe.received().length).toBe(1);
    expect(pipe.received()).toMatchObject([{ id: 1, error: { message: expect.stringContaining('Timed out') } }]);
    await pipe.end();
  });

  it('says nothing after a response', async () => {
    const pipe = open();
    let late = async (): Promise<void> => {};
    pipe.odin.tool({ name: 'talks' }, async (context) => {
      await context.progress(1);
      late = () => context.progress(2);
    });
    pipe.send(modern(1, 'tools/call', { name: 'talks' }, { progressToken: 9 }));
    await expect.poll(() => pipe.received().length).toBe(2);
    await late();
    await pipe.end();
    expect(pipe.received()).toMatchObject([{ method: 'notifications/progress' }, { id: 1 }]);
  });

  it('delivers changes to a subscription until it is cancelled', async () => {
    const pipe = open();
    pipe.send(modern('sub', 'subscriptions/listen', { notifications: { toolsListChanged: true } }));
    await expect.poll(() => pipe.received().length).toBe(1);
    await pipe.odin.notify.toolsChanged();
    await expect.poll(() => pipe.received().length).toBe(2);
    expect(pipe.received()[1]).toMatchObject({
      method: 'notifications/tools/list_changed',
      params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 'sub' } },
    });
    await pipe.end();
  });

  it.each([
    ['{', -32700],
    ['[]', -32600],
    [{ jsonrpc: '1.0', id: 1, method: 'ping' }, -32600],
    [{ jsonrpc: '2.0', id: 1.5, method: 'ping' }, -32600],
    [{ jsonrpc: '2.0', id: null, method: 'ping' }, -32600],
    [modern(1, 'nope'), -32601],
    [modern(1, 'tools/list', {}, { 'io.modelcontextprotocol/clientCapabilities': undefined }), -32602],
    [modern(1, 'tools/list', {}, { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' }), -32022],
  ])('answers %j with %i and goes on', async (message, code) => {
    const pipe = open();
    pipe.send(message);
    pipe.send(modern('after', 'tools/call', { name: 'add', arguments: { a: 1 } }));
    await expect.poll(() => pipe.received().length).toBe(2);
    expect(pipe.received()).toMatchObject([{ error: { code } }, { id: 'after', result: {} }]);
    await pipe.end();
  });

  it('asks a client of the old era in mid-call, and takes its answer', async () => {
    const pipe = open();
    pipe.odin.tool({ name: 'ask' }, async (context) => {
      const answer = await context.elicit('who', { message: 'Your name?', schema: z.object({ name: z.string() }) });
      return `Hello ${answer.content?.name}`;
    });
    const clientInfo = { name: 'c', version: '1' };
    pipe.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: { elicitation: {} }, clientInfo },
    });
    pipe.send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'ask' } });
    await expect.poll(() => pipe.received().length).toBe(2);
    const question = pipe.received().find((message) => 'method' in message);
    expect(question).toMatchObject({ method: 'elicitation/create', params: { message: 'Your name?' } });
    pipe.send({ jsonrpc: '2.0', id: 'nobody', result: {} });
    pipe.send({ jsonrpc: '2.0', id: question?.id, result: { action: 'accept', content: { name: 'Freya' } } });
    await expect
      .poll(() => pipe.received()[2])
      .toMatchObject({ id: 2, result: { content: [{ text: 'Hello Freya' }] } });
    await pipe.end();
  });

  it('lets a client of the old era set a log level and hear of changes', async () => {
    const pipe = open();
    pipe.odin.tool({ name: 'say' }, async ({ log }) => {
      await log.info('low');
      await log.error('high');
    });
    const clientInfo = { name: 'c', version: '1' };
    const old = (id: number, method: string, params: object = {}) => pipe.send({ jsonrpc: '2.0', id, method, params });
    old(1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
    await expect.poll(() => pipe.received().length).toBe(1);
    expect(pipe.received()[0]).toMatchObject({
      result: { capabilities: { logging: {}, tools: { listChanged: true }, resources: { subscribe: true } } },
    });
    await pipe.odin.notify.toolsChanged();
    pipe.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    old(2, 'logging/setLevel', { level: 'error' });
    old(3, 'resources/subscribe', { uri: 'note://1' });
    old(4, 'resources/subscribe', { uri: 'other://1' });
    await expect.poll(() => pipe.received().length).toBe(4);
    expect(pipe.received().slice(1)).toMatchObject([{ result: {} }, { result: {} }, { error: { code: -32602 } }]);
    await pipe.odin.notify.resourceUpdated('note://1');
    await pipe.odin.notify.resourceUpdated('note://2');
    await pipe.odin.notify.toolsChanged();
    old(5, 'tools/call', { name: 'say' });
    await expect.poll(() => pipe.received().length).toBe(8);
    expect(pipe.received().slice(4)).toMatchObject([
      { method: 'notifications/resources/updated', params: { uri: 'note://1' } },
      { method: 'notifications/tools/list_changed' },
      { method: 'notifications/message', params: { level: 'error', data: 'high' } },
      { id: 5 },
    ]);
    old(6, 'resources/unsubscribe', { uri: 'note://1' });
    await expect.poll(() => pipe.received().length).toBe(9);
    await pipe.odin.notify.resourceUpdated('note://1');
    await pipe.end();
    expect(pipe.received()).toHaveLength(9);
  });

  it('knows the version that it agreed on, not the one that was asked for', async () => {
    const pipe = open();
    pipe.odin.tool({ name: 'version' }, ({ protocolVersion }) => protocolVersion);
    const params = { protocolVersion: '1999-12-31', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    pipe.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
    pipe.send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'version' } });
    await expect
      .poll(() => pipe.received())
      .toMatchObject([
        { result: { protocolVersion: '2025-11-25' } },
        { result: { content: [{ text: '2025-11-25' }] } },
      ]);
    await pipe.end();
  });

  it('waits for a slow reader once for all who write, and ends when the reader is gone', async () => {
    const { odin, ran } = createFixture();
    const input = new PassThrough();
    const output = new PassThrough({ highWaterMark: 1 });
    odin.tool({ name: 'chat' }, async (context) => {
      for (let step = 1; step < 5; step += 1) await context.progress(step);
      ran.push('chatted');
    });
    const served = serveStdio(odin, { input, output });
    for (let id = 0; id < 30; id += 1)
      input.write(`${JSON.stringify(modern(id, 'tools/call', { name: 'chat' }, { progressToken: id }))}\n`);
    await expect.poll(() => output.writableLength).toBeGreaterThan(1_000);
    expect([output.listenerCount('drain'), ran]).toEqual([1, []]);
    output.destroy();
    input.end();
    await served;
    expect(ran).toHaveLength(30);
  });

  it('cancels what runs when the input ends', async () => {
    const pipe = open();
    pipe.send(modern(1, 'tools/call', { name: 'wait' }));
    await expect.poll(() => pipe.ran).toEqual(['wait']);
    await pipe.end();
    expect(pipe.ran).toEqual(['wait', 'wait aborted']);
  });
});
