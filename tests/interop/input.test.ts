import { Client } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createV1Transport, createV2Transport } from './peers.ts';
import { startHeld, startHttp, startStdio, type Target } from './targets.ts';

const targets = [
  { name: 'HTTP', start: startHttp },
  { name: 'HTTP behind Hermod', start: startHeld },
  { name: 'stdio', start: startStdio },
];
const identity = { name: 'interop-client', version: '1.0.0' };
type Reply = { action: 'accept'; content: { name: string } } | { action: 'decline' };

/** Calls `greet` with a client that answers the server's question. */
async function greetWithV2(target: Target, mode: 'auto' | 'legacy', reply: Reply): Promise<unknown> {
  const client = new Client(identity, { versionNegotiation: { mode }, capabilities: { elicitation: {} } });
  client.setRequestHandler('elicitation/create', ({ params }) => {
    expect(params.message).toBe('What is your name?');
    return reply;
  });
  await client.connect(createV2Transport(target.endpoint));
  try {
    return (await client.callTool({ name: 'greet', arguments: {} })).content;
  } finally {
    await client.close();
  }
}

async function greetWithV1(target: Target, reply: Reply): Promise<unknown> {
  const client = new V1Client(identity, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, () => reply);
  await client.connect(createV1Transport(target.endpoint));
  try {
    return (await client.callTool({ name: 'greet', arguments: {} })).content;
  } finally {
    await client.close();
  }
}

describe.each(targets)('questions over $name', ({ start }) => {
  let target: Target;
  beforeAll(async () => {
    target = await start();
  });
  afterAll(() => target?.close());

  const accept: Reply = { action: 'accept', content: { name: 'Ada' } };
  const hello = [{ type: 'text', text: 'Hello, Ada!' }];

  test('a client of 2026-07-28 is asked, and the call goes on', async () => {
    expect(await greetWithV2(target, 'auto', accept)).toEqual(hello);
    expect(await greetWithV2(target, 'auto', { action: 'decline' })).toEqual([
      { type: 'text', text: 'You chose to decline.' },
    ]);
  });

  test('a client that cannot be asked is told what it lacks', async () => {
    const client = new Client(identity, { versionNegotiation: { mode: 'auto' } });
    await client.connect(createV2Transport(target.endpoint));
    await expect(client.callTool({ name: 'greet', arguments: {} })).rejects.toMatchObject({ code: -32021 });
    await client.close();
  });

  test('clients of 2025-11-25 are asked in the middle of the call', async () => {
    expect(await greetWithV2(target, 'legacy', accept)).toEqual(hello);
    expect(await greetWithV1(target, accept)).toEqual(hello);
  });
});
