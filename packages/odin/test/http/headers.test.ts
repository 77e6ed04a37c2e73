import { describe, expect, it } from 'vitest';
import { decodeHeaderValue } from '../../src/http/headers.ts';
import { createFixture, modernRequest } from '../fixture.ts';

describe('decodeHeaderValue', () => {
  it.each([
    ['plain', 'plain'],
    ['=?base64?w6Rib2Nr?=', 'äbock'],
    ['=?base64??=', ''],
    ['=?base64?YQ?=', undefined],
    ['=?base64?YQ===?=', undefined],
    ['=?base64?/w==?=', undefined],
    ['=?base64?YQ', '=?base64?YQ'],
  ])('%j -> %j', (value, decoded) => {
    expect(decodeHeaderValue(value)).toBe(decoded);
  });
});

describe('Mcp-Name', () => {
  it('may carry any text as Base64', async () => {
    const { odin } = createFixture();
    const uri = 'note://ä';
    const request = modernRequest(
      'resources/read',
      { uri },
      { headers: { 'mcp-name': `=?base64?${Buffer.from(uri).toString('base64')}?=` } },
    );
    expect((await odin.fetch(request)).status).toBe(200);
  });
});
