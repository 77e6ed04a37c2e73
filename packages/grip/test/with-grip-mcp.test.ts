import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { SignJWT } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { createHolds, createInMemoryPublisher, createSigVerifier, parseHoldHeaders, withGrip } from '../src/index.ts';

const key = 'a secret that is long enough for HS256';
const sig = await new SignJWT({ exp: 4_000_000_000 })
  .setProtectedHeader({ alg: 'HS256' })
  .sign(new TextEncoder().encode(key));

/** A tool that reports its progress, served by the SDK's own handler. */
const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'counter', version: '1.0.0' });
  server.registerTool('count', { description: 'Counts to three' }, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken ?? 0;
    for (let progress = 1; progress <= 3; progress++) {
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 3 } });
    }
    return { content: [{ type: 'text', text: 'counted' }] };
  });
  return server;
});

describe('withGrip around createMcpHandler', () => {
  const publisher = createInMemoryPublisher();
  const holds = createHolds({ publisher });
  const verifier = createSigVerifier({ keys: [key] });
  const origin = withGrip((request) => handler.fetch(request), { holds, verifier });

  /** Plays the proxy: holds what it is told to hold. */
  async function proxy(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const body = await request.text();
    const headers = new Headers([...request.headers, ['grip-sig', sig], ['content-length', String(body.length)]]);
    const { method } = request;
    const response = await origin(new Request(request.url, { method, headers, ...(body === '' ? {} : { body }) }));
    const channel = parseHoldHeaders(response.headers)?.channels[0]?.name;
    if (channel === undefined) return response;
    const held = new ReadableStream<Uint8Array>({
      start(controller) {
        publisher.onPublish(({ channel: own, format }) => {
          if (own !== channel) return;
          if ('content' in format) controller.enqueue(new TextEncoder().encode(String(format.content)));
          else controller.close();
        });
      },
    });
    await response.text();
    publisher.subscribe(channel);
    return new Response(held, { status: response.status, headers: response.headers });
  }

  it('holds the streams of its tools', async () => {
    const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StreamableHTTPClientTransport(new URL('http://origin/mcp'), { fetch: proxy }));
    const before = holds.stats().completed;
    const progress: number[] = [];
    const result = await client.callTool({ name: 'count' }, { onprogress: (report) => progress.push(report.progress) });
    expect([progress, result.content]).toEqual([[1, 2, 3], [{ type: 'text', text: 'counted' }]]);
    await vi.waitFor(() => expect(holds.stats()).toMatchObject({ completed: before + 1, open: 0 }));
    await client.close();
  });
});
