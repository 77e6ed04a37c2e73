import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { NodeRequest } from '../../src/node/request.ts';
import { createFixture, modernRequest } from '../fixture.ts';

/** A message as Node gives it: the first of several, and all of them raw. */
function messageWith(name: string, values: readonly string[]): NodeRequest {
  const message = { url: '/mcp', headers: { [name]: values[0] }, rawHeaders: values.flatMap((value) => [name, value]) };
  return new NodeRequest(message as unknown as IncomingMessage, {} as ServerResponse);
}

describe('headers of which one request has one', () => {
  it.each(['authorization', 'host'])('are shown all when %s comes more than once', (name) => {
    expect(messageWith(name, ['one']).header(name)).toBe('one');
    expect(messageWith(name, ['one', 'two']).header(name)).toBe('one, two');
  });

  it.each(['authorization', 'host'] as const)('are shown all however %s is written', (name) => {
    const rawHeaders = [name.toUpperCase(), 'one', 'accept', 'x', name, 'two'];
    const message = { url: '/mcp', headers: { [name]: 'one' }, rawHeaders };
    const request = new NodeRequest(message as unknown as IncomingMessage, {} as ServerResponse);
    expect(request.header(name)).toBe('one, two');
  });

  it('are refused when Host comes more than once (RFC 9112 section 3.2)', async () => {
    const request = modernRequest('tools/call', { name: 'boom' }, { headers: { host: 'localhost, evil.example' } });
    const { odin, ran } = createFixture();
    expect((await odin.fetch(request)).status).toBe(400);
    expect(ran).toEqual([]);
  });
});
