import { describe, expect, it } from 'vitest';
import { isLoopbackName, resolveHttp } from '../../src/http/options.ts';
import { createFixture, modernRequest } from '../fixture.ts';

describe('resolveHttp', () => {
  it('takes path, host and origin from the public URL', () => {
    const http = resolveHttp({}, new URL('https://mcp.example.com/v1/mcp'));
    expect([http.path, [...http.hosts], [...http.origins], http.loopbackOrigins]).toEqual([
      '/v1/mcp',
      ['mcp.example.com'],
      ['https://mcp.example.com'],
      false,
    ]);
    expect(resolveHttp({}, new URL('https://mcp.example.com')).path).toBe('/mcp');
  });

  it.each([
    [{ path: 'mcp' }, /http\.path/],
    [{ maxBodyBytes: 0 }, /http\.maxBodyBytes/],
    [{ patienceMs: Number.NaN }, /http\.patienceMs/],
    [{ allowedOrigins: ['nonsense'] }, /http\.allowedOrigins/],
  ])('refuses %j, naming the option', (options, problem) => {
    expect(() => resolveHttp(options)).toThrow(problem);
  });
});

describe('isLoopbackName', () => {
  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['[::1]', true],
    ['localhost.example', false],
    ['127.0.0.1.example', false],
    ['10.0.0.1', false],
  ])('%s: %s', (name, loopback) => {
    expect(isLoopbackName(name)).toBe(loopback);
  });
});

describe('Host and Origin', () => {
  const url = 'https://mcp.example.com/mcp';
  const status = async (request: Request): Promise<number> =>
    (
      await createFixture({
        url,
        http: { allowedHosts: ['internal:8080'], allowedOrigins: ['https://app.example.com'] },
      }).odin.fetch(request)
    ).status;

  it.each([
    ['https://mcp.example.com/mcp', {}, 200],
    ['https://mcp.example.com/mcp', { origin: 'https://mcp.example.com' }, 200],
    ['https://mcp.example.com/mcp', { origin: 'https://app.example.com' }, 200],
    ['https://mcp.example.com/mcp', { origin: 'http://localhost:3000' }, 403],
    ['http://internal:8080/mcp', {}, 200],
    ['http://internal:9090/mcp', {}, 403],
    ['http://127.0.0.1:8080/mcp', {}, 200],
  ])('%s with %j -> %i', async (at, headers, expected) => {
    expect(await status(modernRequest('tools/list', {}, { url: at, headers }))).toBe(expected);
  });
});
