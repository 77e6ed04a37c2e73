import { describe, expect, it } from 'vitest';
import { createFixture, modernRequest, post, readEvents } from './fixture.ts';

const SERVER = { 'io.modelcontextprotocol/serverInfo': { name: 'fixture', version: '1.2.3' } };

async function call(
  method: string,
  params: Record<string, unknown> = {},
): Promise<{ status: number; body: Record<string, never> }> {
  const response = await createFixture().odin.fetch(modernRequest(method, params));
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

describe('2026-07-28 over fetch', () => {
  it('discovers', async () => {
    expect(await call('server/discover')).toMatchObject({
      status: 200,
      body: {
        jsonrpc: '2.0',
        id: 1,
        result: {
          supportedVersions: ['2026-07-28'],
          capabilities: {
            tools: { listChanged: true },
            prompts: { listChanged: true },
            resources: { subscribe: true, listChanged: true },
            logging: {},
          },
          instructions: 'Be kind',
          resultType: 'complete',
          ttlMs: 0,
          cacheScope: 'private',
          _meta: SERVER,
        },
      },
    });
  });

  it('lists tools with their schemas, in the order of registration', async () => {
    const { body } = await call('tools/list');
    const { tools, resultType } = body.result as unknown as {
      tools: { name: string; inputSchema: object }[];
      resultType: string;
    };
    expect(resultType).toBe('complete');
    expect(tools.map(({ name }) => name)).toEqual(['add', 'boom', 'sorry', 'steps', 'wait']);
    expect(tools[0]).toMatchObject({
      description: 'Add',
      inputSchema: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
      outputSchema: { type: 'object', properties: { sum: { type: 'number' } } },
    });
    expect(tools[1]?.inputSchema).toEqual({ type: 'object', properties: {}, additionalProperties: false });
  });

  it('calls a tool and gives its result as text and as structured content', async () => {
    expect((await call('tools/call', { name: 'add', arguments: { a: 2, b: 3 } })).body.result).toEqual({
      content: [{ type: 'text', text: '{"sum":5}' }],
      structuredContent: { sum: 5 },
      resultType: 'complete',
      _meta: SERVER,
    });
  });

  it('lists and reads resources, exact and by template', async () => {
    expect((await call('resources/list')).body.result).toMatchObject({
      resources: [{ uri: 'note://today', name: 'today', mimeType: 'text/markdown' }],
    });
    expect((await call('resources/templates/list')).body.result).toMatchObject({
      resourceTemplates: [{ uriTemplate: 'note://{id}', name: 'note' }],
    });
    expect((await call('resources/read', { uri: 'note://today' })).body.result).toMatchObject({
      contents: [{ uri: 'note://today', mimeType: 'text/markdown', text: '# Today' }],
    });
    expect((await call('resources/read', { uri: 'note://a%20b' })).body.result).toMatchObject({
      contents: [{ uri: 'note://a%20b', mimeType: 'application/json', text: '{"id":"a b","uri":"note://a%20b"}' }],
      ttlMs: 0,
    });
    expect((await call('resources/read', { uri: 'other://x' })).body.error).toEqual({
      code: -32602,
      message: 'Resource not found: other://x',
      data: { uri: 'other://x' },
    });
  });

  it('lists and gets prompts', async () => {
    expect((await call('prompts/list')).body.result).toMatchObject({
      prompts: [{ name: 'explain', arguments: [{ name: 'topic', description: 'What about', required: true }] }],
    });
    expect((await call('prompts/get', { name: 'explain', arguments: { topic: 'runes' } })).body.result).toMatchObject({
      messages: [{ role: 'user', content: { type: 'text', text: 'Explain runes' } }],
    });
    expect((await call('prompts/get', { name: 'explain', arguments: {} })).body.error).toMatchObject({ code: -32602 });
    expect((await call('prompts/get', { name: 'none' })).body.error).toMatchObject({
      code: -32602,
      message: 'Prompt none not found',
    });
  });

  it('streams progress and the logs that were asked for, then the result', async () => {
    const request = modernRequest(
      'tools/call',
      { name: 'steps', arguments: { count: 2 } },
      { meta: { progressToken: 'p', 'io.modelcontextprotocol/logLevel': 'info' } },
    );
    const response = await createFixture().odin.fetch(request);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await readEvents(response)).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: 'p', progress: 1, total: 2, message: 'step 1' },
      },
      {
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: 'p', progress: 2, total: 2, message: 'step 2' },
      },
      { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: { count: 2 } } },
      {
        jsonrpc: '2.0',
        id: 1,
        result: { content: [{ type: 'text', text: '2 steps' }], resultType: 'complete', _meta: SERVER },
      },
    ]);
  });

  it('answers JSON when nobody asked for progress or logs', async () => {
    const response = await createFixture().odin.fetch(
      modernRequest('tools/call', { name: 'steps', arguments: { count: 2 } }),
    );
    expect(response.headers.get('content-type')).toBe('application/json');
  });

  it('aborts the handler when the client leaves', async () => {
    const { odin, ran } = createFixture();
    const abort = new AbortController();
    const answer = odin.fetch(modernRequest('tools/call', { name: 'wait' }, { signal: abort.signal }));
    await expect.poll(() => ran).toEqual(['wait']);
    abort.abort();
    await answer;
    expect(ran).toEqual(['wait', 'wait aborted']);
  });

  it('delivers changes to a listening client with its own id, until the server closes', async () => {
    const { odin } = createFixture();
    const notifications = { toolsListChanged: true, resourceSubscriptions: ['note://7'] };
    const response = await odin.fetch(modernRequest('subscriptions/listen', { notifications }, { id: 'listen:0' }));
    await odin.notify.resourceUpdated('note://7');
    await odin.notify.resourceUpdated('note://8');
    await odin.notify.toolsChanged();
    await odin.close();
    const stamp = { 'io.modelcontextprotocol/subscriptionId': 'listen:0' };
    expect(await readEvents(response)).toEqual([
      { jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: { notifications, _meta: stamp } },
      { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'note://7', _meta: stamp } },
      { jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: { _meta: stamp } },
      { jsonrpc: '2.0', id: 'listen:0', result: { resultType: 'complete', _meta: { ...stamp, ...SERVER } } },
    ]);
  });
});

describe('2025-11-25 and older over fetch, without a session', () => {
  async function legacy(
    method: string,
    params?: object,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: unknown }> {
    const response = await createFixture().odin.fetch(
      post(JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }), { headers }),
    );
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }

  it('initializes with the version that was asked for, or the newest of the era', async () => {
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    expect(await legacy('initialize', params)).toMatchObject({
      body: {
        id: 7,
        result: {
          protocolVersion: '2025-06-18',
          serverInfo: { name: 'fixture', version: '1.2.3' },
          capabilities: { tools: {}, prompts: {}, resources: {} },
          instructions: 'Be kind',
        },
      },
    });
    expect(await legacy('initialize', { ...params, protocolVersion: '1999-01-01' })).toMatchObject({
      body: { result: { protocolVersion: '2025-11-25' } },
    });
    expect(await legacy('initialize', {})).toMatchObject({ status: 200, body: { error: { code: -32602 } } });
  });

  it('answers without the members of the new era', async () => {
    expect(
      await legacy('tools/call', { name: 'add', arguments: { a: 1 } }, { 'mcp-protocol-version': '2025-11-25' }),
    ).toEqual({
      status: 200,
      body: {
        jsonrpc: '2.0',
        id: 7,
        result: { content: [{ type: 'text', text: '{"sum":1}' }], structuredContent: { sum: 1 } },
      },
    });
    expect(await legacy('ping')).toEqual({ status: 200, body: { jsonrpc: '2.0', id: 7, result: {} } });
    expect(await legacy('server/discover')).toMatchObject({ status: 200, body: { error: { code: -32601 } } });
  });

  it('accepts notifications', async () => {
    const { odin } = createFixture();
    const response = await odin.fetch(post('{"jsonrpc":"2.0","method":"notifications/initialized"}'));
    expect([response.status, await response.text()]).toEqual([202, '']);
  });

  it('refuses notifications and responses of a revision that nobody agreed on', async () => {
    const { odin } = createFixture();
    for (const body of [
      '{"jsonrpc":"2.0","method":"notifications/initialized"}',
      '{"jsonrpc":"2.0","id":1,"result":{}}',
    ]) {
      const response = await odin.fetch(post(body, { headers: { 'mcp-protocol-version': '1999-01-01' } }));
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ id: null, error: { code: -32000 } });
    }
  });
});
