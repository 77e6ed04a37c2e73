import { describe, expect, it } from 'vitest';
import { createFixture, modernRequest } from '../fixture.ts';

const verifier = { peek: () => undefined, verify: () => Promise.reject(new Error('the verifier was asked')) };
const serve = () =>
  createFixture({ url: 'http://localhost/mcp', auth: { issuer: 'http://localhost/i', verifier } }).odin;

/** MCP 2026-07-28, authorization: access tokens never travel in the URL. */
describe('a token in the URL', () => {
  it.each(['access_token=x', 'a=1&access_token=x', 'access%5Ftoken=x', 'access_toke%6E'])(
    'is refused, however its name is written: %s',
    async (query) => {
      const response = await serve().fetch(modernRequest('tools/list', {}, { url: `http://localhost/mcp?${query}` }));
      expect(response.status).toBe(400);
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_request"');
    },
  );

  it('is not seen in other parameters', async () => {
    const response = await serve().fetch(
      modernRequest('tools/list', {}, { url: 'http://localhost/mcp?access_tokens=x' }),
    );
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).not.toContain('error=');
  });
});
