import { createMemoryCluster, type OdinServer } from '@asgard/odin';
import { listen } from '@asgard/odin/node';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  ElicitRequestSchema,
  PromptListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createInteropServer } from './fixture.ts';
import { type Endpoint, startHeld, startHttp } from './targets.ts';

interface SessionTarget {
  /** One for each replica; a client sends every request to the next one. */
  readonly urls: URL[];
  close(): Promise<void>;
}

async function single(start: () => Promise<{ endpoint: Endpoint; close(): Promise<void> }>): Promise<SessionTarget> {
  const { endpoint, close } = await start();
  if (endpoint.kind !== 'http') throw new Error('sessions are for HTTP');
  return { urls: [endpoint.url], close };
}

/** Two servers in one process that share only what replicas share. */
async function startReplicas(): Promise<SessionTarget> {
  const options = { cluster: createMemoryCluster(), secrets: ['interop secret of more than thirty-two characters'] };
  const servers = await Promise.all(
    [0, 1].map((): ReturnType<typeof listen> => listen(createReplica(options), { port: 0 })),
  );
  return {
    urls: servers.map(({ url }) => new URL('/mcp', url)),
    close: async () => {
      await Promise.all(servers.map((server) => server.close({ deadlineMs: 1_000 })));
    },
  };
}

function createReplica(options: Parameters<typeof createInteropServer>[0]): OdinServer {
  return createInteropServer({ ...options, logger: { error: () => {}, warn: () => {} } });
}

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Sends each request to the next replica. */
function roundRobin({ urls }: SessionTarget, inner: Fetch = fetch): Fetch {
  let turn = 0;
  return (_url, init) => inner(urls[turn++ % urls.length] ?? '', init);
}

interface Connected {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  readonly heard: string[];
  readonly errors: string[];
}

const identity = { name: 'interop-client', version: '1.0.0' };

async function connect(target: SessionTarget, inner?: Fetch): Promise<Connected> {
  const [url = new URL('http://localhost')] = target.urls;
  const client = new Client(identity, { capabilities: { elicitation: {} } });
  const transport = new StreamableHTTPClientTransport(url, { fetch: roundRobin(target, inner) });
  const heard: string[] = [];
  const errors: string[] = [];
  client.onerror = (error) => errors.push(error.message);
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ada' } }));
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => void heard.push('tools'));
  client.setNotificationHandler(PromptListChangedNotificationSchema, () => void heard.push('prompts'));
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
  await client.connect(transport as Transport);
  return { client, transport, heard, errors };
}

async function readState(client: Client, urls: number): Promise<{ started: number; aborted: number }> {
  const sum = { started: 0, aborted: 0 };
  for (let at = 0; at < urls; at += 1) {
    const [content] = (await client.readResource({ uri: 'state://calls' })).contents;
    const state = JSON.parse(content && 'text' in content ? content.text : '{}') as typeof sum;
    sum.started += state.started;
    sum.aborted += state.aborted;
  }
  return sum;
}

/** Cuts the first stream that answers a POST after so many events. */
function cutFirstCall(events: number): { fetch: Fetch; cuts: () => number } {
  let cuts = 0;
  const cut: Fetch = async (url, init) => {
    const response = await fetch(url, init);
    const isCall = init?.method === 'POST' && String(init.body).includes('"tools/call"');
    if (!isCall || cuts > 0 || response.headers.get('content-type') !== 'text/event-stream' || !response.body)
      return response;
    cuts += 1;
    let seen = 0;
    const scissors = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(chunk);
        seen += new TextDecoder().decode(chunk).split('\n\n').length - 1;
        if (seen >= events) controller.error(new Error('the connection broke'));
      },
    });
    return new Response(response.body.pipeThrough(scissors), { status: 200, headers: response.headers });
  };
  return { fetch: cut, cuts: () => cuts };
}

const targets: { name: string; start: () => Promise<SessionTarget> }[] = [
  { name: 'HTTP', start: () => single(startHttp) },
  { name: 'HTTP behind Hermod', start: () => single(startHeld) },
  { name: 'two replicas in turn', start: startReplicas },
];
const patience = { timeout: 10_000, interval: 50 };

describe.each(targets)('a session of SDK v1 over $name', ({ start }) => {
  let target: SessionTarget;
  beforeAll(async () => {
    target = await start();
  });
  afterAll(() => target?.close());

  test('hears of changes on its own stream', async () => {
    const { client, transport, heard, errors } = await connect(target);
    expect(transport.sessionId).toBeDefined();
    expect(client.getServerCapabilities()).toMatchObject({
      tools: { listChanged: true },
      resources: { subscribe: true },
    });
    await client.subscribeResource({ uri: 'note://7' });
    // The stream is opened beside the first requests.
    await expect
      .poll(async () => {
        await client.callTool({ name: 'grow', arguments: {} });
        return heard.includes('tools');
      }, patience)
      .toBe(true);
    await client.callTool({ name: 'touch', arguments: { id: '8' } });
    await client.callTool({ name: 'touch', arguments: { id: '7' } });
    await expect.poll(() => heard, patience).toContain('note://7');
    expect(heard).not.toContain('note://8');
    expect(errors).toEqual([]);
    await client.close();
  });

  test('is asked in mid-call, again and again', async () => {
    const { client, errors } = await connect(target);
    const hello = [{ type: 'text', text: 'Hello, Ada!' }];
    for (let round = 0; round < 10; round += 1) {
      const results = await Promise.all(
        Array.from({ length: 5 }, () => client.callTool({ name: 'greet', arguments: {} })),
      );
      expect(results.map(({ content }) => content)).toEqual(results.map(() => hello));
    }
    expect(errors).toEqual([]);
    await client.close();
  });

  test('cancels a call by a message, and leaves without cancelling', async () => {
    const { client } = await connect(target);
    const before = await readState(client, target.urls.length);
    const controller = new AbortController();
    const call = client.callTool({ name: 'sleep', arguments: {} }, undefined, { signal: controller.signal });
    call.catch(() => {});
    await expect
      .poll(() => readState(client, target.urls.length), patience)
      .toEqual({ started: before.started + 1, aborted: before.aborted });
    controller.abort('enough');
    await expect(call).rejects.toThrow();
    await expect
      .poll(() => readState(client, target.urls.length), patience)
      .toEqual({ started: before.started + 1, aborted: before.aborted + 1 });
    await client.close();
  });

  test('comes back for a call whose stream broke, and has every event once', async () => {
    const { fetch: inner, cuts } = cutFirstCall(3);
    const { client } = await connect(target, inner);
    const progress: number[] = [];
    const result = await client.callTool({ name: 'count', arguments: { to: 20 } }, undefined, {
      onprogress: (step) => progress.push(step.progress),
    });
    expect(result.content).toEqual([{ type: 'text', text: 'counted to 20' }]);
    expect(progress).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(cuts()).toBe(1);
    await client.close();
  });

  test('ends when its client says so', async () => {
    const { client, transport } = await connect(target);
    const { sessionId = '' } = transport;
    await transport.terminateSession();
    await client.close();
    const response = await fetch(target.urls.at(-1) ?? '', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-session-id': sessionId,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    });
    expect(response.status).toBe(404);
  });
});
