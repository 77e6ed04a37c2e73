import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALLOWED_ORIGIN } from './routes.ts';
import { type Echo, type Service, startService } from './service.ts';

export interface GatewayUnderTest {
  readonly url: string;
  close(): Promise<void>;
}

export interface GatewayContractOptions {
  /** Where the service listens; 0 for any. A real gateway has it in its configuration. */
  readonly servicePort?: number;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Call {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/**
 * What every gateway in front of Odin must do: the measured behaviour of Kong 3.9.3 that the stand-in shares.
 *
 * @param start starts a gateway with the routes of `contractRoutes(service)`
 */
export function gatewayContract(
  name: string,
  start: (service: string) => Promise<GatewayUnderTest>,
  options: GatewayContractOptions = {},
): void {
  describe(`gateway contract: ${name}`, () => {
    let service: Service;
    let gateway: GatewayUnderTest;

    beforeAll(async () => {
      service = await startService(options.servicePort ?? 0);
      gateway = await start(service.url);
    });
    afterAll(async () => {
      await gateway?.close();
      await service?.close();
    });

    const call = (path: string, { method = 'GET', headers = {}, body }: Call = {}): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const request = httpRequest(`${gateway.url}${path}`, { method, headers, agent: false }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        });
        request.once('error', reject);
        request.end(body);
      });
    const echo = async (path: string, options: Call = {}): Promise<Echo> => {
      const answer = await call(path, options);
      expect(answer.status).toBe(200);
      return JSON.parse(answer.body) as Echo;
    };

    describe('routes', () => {
      test('keeps path, query, method and body', async () => {
        const seen = await echo('/mcp?a=1%202', { method: 'POST', body: 'x'.repeat(1000) });
        expect(seen).toMatchObject({ method: 'POST', url: '/mcp?a=1%202', bodyBytes: 1000 });
      });

      test('matches a path by prefix, the well-known suffix form included', async () => {
        expect((await echo('/.well-known/oauth-protected-resource')).url).toBe('/.well-known/oauth-protected-resource');
        expect((await echo('/.well-known/oauth-protected-resource/mcp')).url).toBe(
          '/.well-known/oauth-protected-resource/mcp',
        );
      });

      test('strips the prefix when told to and says so', async () => {
        const seen = await echo('/heimdall/users?x=1');
        expect(seen.url).toBe('/users?x=1');
        expect(seen.headers['x-forwarded-prefix']).toBe('/heimdall');
        expect((await echo('/mcp')).headers['x-forwarded-prefix']).toBeUndefined();
      });

      test('serves the bare prefix too', async () => {
        expect((await echo('/heimdall')).url).toBe('/');
      });

      test('the longest prefix wins, an exact path over any prefix', async () => {
        expect((await echo('/heimdall/realms/a')).url).toBe('/realms-service/heimdall/realms/a');
        expect((await echo('/mcp/exact')).url).toBe('/exactly/mcp/exact');
        expect((await echo('/mcp/exact/more')).url).toBe('/mcp/exact/more');
      });

      test('routes a tool call by its Mcp-Method and Mcp-Name headers', async () => {
        const headers = { 'mcp-method': 'tools/call', 'mcp-name': 'ADMIN_drop' };
        expect((await echo('/mcp', { method: 'POST', headers })).url).toBe('/admin/mcp');
        expect((await echo('/mcp', { method: 'POST', headers: { ...headers, 'mcp-name': 'echo' } })).url).toBe('/mcp');
        expect((await echo('/mcp', { method: 'GET', headers })).url).toBe('/mcp');
      });

      test('answers 404 with message and request id when nothing matches', async () => {
        const answer = await call('/nowhere');
        expect(answer.status).toBe(404);
        expect(JSON.parse(answer.body)).toEqual({ message: expect.any(String), request_id: expect.any(String) });
      });

      test('dot segments do not lead to another route', async () => {
        expect((await call('/nowhere/../mcp')).status).toBe(200);
        expect((await call('/mcp/../nowhere')).status).toBe(404);
        expect((await call('/mcp/%2e%2e/nowhere')).status).toBe(404);
      });
    });

    describe('headers to the service', () => {
      test.each([
        'X-Userinfo',
        'X-ID-Token',
        'X-Access-Token',
        'X-Credential-Identifier',
        'X-Consumer-Id',
        'X-Consumer-Username',
        'X-Anonymous-Consumer',
      ])('strips %s of the client', async (header) => {
        expect((await echo('/mcp', { headers: { [header]: 'forged' } })).headers).not.toHaveProperty(
          header.toLowerCase(),
        );
      });

      test('keeps Host by default and sends its own when told to', async () => {
        const host = new URL(gateway.url).host;
        expect((await echo('/mcp')).headers.host).toBe(host);
        expect((await echo('/own-host')).headers.host).toBe(new URL(service.url).host);
      });

      test('overwrites the X-Forwarded family that a client sends', async () => {
        const { headers } = await echo('/mcp', {
          headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-port': '666', 'x-forwarded-proto': 'https' },
        });
        expect(headers['x-forwarded-host']).toBe(new URL(gateway.url).hostname);
        expect(headers['x-forwarded-port']).not.toBe('666');
        expect(headers['x-forwarded-proto']).toBe('http');
      });

      test('appends the client to X-Forwarded-For', async () => {
        const { headers } = await echo('/mcp', { headers: { 'x-forwarded-for': '203.0.113.9' } });
        expect(headers['x-forwarded-for']).toMatch(/^203\.0\.113\.9, .+/);
      });

      test('leaves Authorization, Mcp-*, Grip-* and traceparent alone', async () => {
        const sent = {
          authorization: 'Bearer abc',
          'mcp-method': 'tools/list',
          'mcp-protocol-version': '2026-07-28',
          'grip-sig': 'a.b.c',
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        };
        expect((await echo('/mcp', { headers: sent })).headers).toMatchObject(sent);
      });

      test('drops the fields that belong to the connection', async () => {
        const { headers } = await echo('/mcp', { headers: { te: 'trailers', 'proxy-connection': 'keep-alive' } });
        expect(headers).not.toHaveProperty('proxy-connection');
        expect(headers).not.toHaveProperty('te');
      });
    });

    describe('request id', () => {
      test('is made when absent, sent on and echoed', async () => {
        const answer = await call('/mcp');
        const id = answer.headers['x-request-id'];
        expect(id).toMatch(/^[\w-]{16,}$/);
        expect((JSON.parse(answer.body) as Echo).headers['x-request-id']).toBe(id);
      });

      test('of the client is kept', async () => {
        const answer = await call('/mcp', { headers: { 'x-request-id': 'mine-1' } });
        expect(answer.headers['x-request-id']).toBe('mine-1');
        expect((JSON.parse(answer.body) as Echo).headers['x-request-id']).toBe('mine-1');
      });
    });

    describe('CORS', () => {
      test('answers a preflight itself, without a token', async () => {
        const answer = await call('/mcp', {
          method: 'OPTIONS',
          headers: {
            origin: ALLOWED_ORIGIN,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization,mcp-method,mcp-param-region',
          },
        });
        expect(answer.status).toBe(200);
        expect(answer.body).toBe('');
        expect(answer.headers['access-control-allow-origin']).toBe(ALLOWED_ORIGIN);
        expect(answer.headers['access-control-allow-methods']).toContain('POST');
        expect(answer.headers['access-control-allow-headers']).toContain('mcp-param-region');
        expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
      });

      test('a foreign origin gets no permission', async () => {
        const headers = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
        const preflight = await call('/mcp', { method: 'OPTIONS', headers });
        const plain = await call('/mcp', { headers });
        for (const { headers: given } of [preflight, plain]) {
          expect(given['access-control-allow-origin']).not.toBe('http://evil.example');
          expect(given['access-control-allow-origin']).not.toBe('*');
        }
        expect(plain.status).toBe(200);
      });

      test('lets scripts read the MCP headers and replaces what the service says', async () => {
        const { headers } = await call('/mcp', { headers: { origin: ALLOWED_ORIGIN } });
        expect(headers['access-control-allow-origin']).toBe(ALLOWED_ORIGIN);
        expect(headers.vary).toMatch(/origin/i);
        for (const field of ['WWW-Authenticate', 'Mcp-Session-Id', 'MCP-Protocol-Version', 'X-Request-Id']) {
          expect(headers['access-control-expose-headers']).toContain(field);
        }
      });

      test('an OPTIONS request that is no preflight goes to the service', async () => {
        expect((await echo('/mcp', { method: 'OPTIONS' })).method).toBe('OPTIONS');
      });
    });

    describe('answers', () => {
      test('Grip-* of the service pass untouched', async () => {
        const answer = await call('/mcp?grip');
        expect(answer.headers).toMatchObject({
          'grip-hold': 'stream',
          'grip-channel': 'c1; prev-id=0',
          'grip-keep-alive': ':\\n\\n; format=cstring; timeout=20',
        });
        expect(answer.body).toBe(':open\n\n');
      });

      test('repeated fields stay repeated', async () => {
        expect((await call('/mcp')).headers['set-cookie']).toEqual(['a=1', 'b=2']);
      });

      test('a stream is not buffered: events come as they are sent', async () => {
        const lateness = await new Promise<number[]>((resolve, reject) => {
          const late: number[] = [];
          httpRequest(`${gateway.url}/mcp?stream=unbuffered`, { agent: false }, (response) => {
            response.on('data', (chunk: Buffer) => {
              for (const line of chunk.toString().split('\n\n')) {
                if (!line) continue;
                late.push(Date.now() - (JSON.parse(line.slice(6)) as { at: number }).at);
              }
              if (late.length >= 5) {
                response.destroy();
                resolve(late);
              }
            });
          })
            .once('error', reject)
            .end();
        });
        // One event is sent each 50 ms, so a buffer of two or more would show.
        expect(Math.min(...lateness)).toBeLessThan(40);
        expect(lateness.filter((late) => late < 45).length).toBeGreaterThanOrEqual(3);
      });

      test('headers of a quiet stream come at once', async () => {
        const started = Date.now();
        const ms = await new Promise<number>((resolve, reject) => {
          httpRequest(`${gateway.url}/mcp?stream=quiet&gap=60000`, { agent: false }, (response) => {
            resolve(Date.now() - started);
            response.destroy();
          })
            .once('error', reject)
            .end();
        });
        expect(ms).toBeLessThan(1000);
      });

      test('a client that leaves closes the connection to the service', async () => {
        const leftAt = new Promise<number>((resolve, reject) => {
          httpRequest(`${gateway.url}/mcp?stream=leaver`, { agent: false }, (response) => {
            response.once('data', () => {
              response.destroy();
              resolve(performance.now());
            });
          })
            .once('error', reject)
            .end();
        });
        const left = await leftAt;
        await service.closed('leaver');
        expect(performance.now() - left).toBeLessThan(500);
      });

      test('a service that cannot be reached gives 502 in JSON', async () => {
        const answer = await call('/dead');
        expect([502, 503]).toContain(answer.status);
        expect(JSON.parse(answer.body)).toMatchObject({ message: expect.any(String), request_id: expect.any(String) });
      });
    });

    describe('rules', () => {
      test('a denied tool is answered by the gateway', async () => {
        const headers = { 'mcp-method': 'tools/call', 'mcp-name': 'drop_everything', origin: ALLOWED_ORIGIN };
        const answer = await call('/mcp', { method: 'POST', headers, body: '{}' });
        expect(answer.status).toBe(403);
        expect(answer.headers['content-type']).toMatch(/^application\/json/);
        expect(answer.headers['access-control-allow-origin']).toBe(ALLOWED_ORIGIN);
        expect(JSON.parse(answer.body)).toMatchObject({ error: { code: -32_003 } });
      });

      test('one request more than a minute allows is 429, with when to come back', async () => {
        const answers = [];
        // A window may end between two of them, so one limit is used up twice at the most.
        for (let at = 0; at < 5; at += 1) answers.push(await call('/limited'));
        expect(answers.slice(0, 1).map(({ status }) => status)).toEqual([200]);
        const refused = answers.find(({ status }) => status === 429);
        expect(JSON.parse(refused?.body ?? '{}')).toMatchObject({ message: 'API rate limit exceeded' });
        expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
        expect(refused?.headers['ratelimit-limit']).toBe('2');
      });
    });

    describe('limits', () => {
      test('a token of 14 kB passes', async () => {
        const authorization = `Bearer ${'t'.repeat(14_000)}`;
        expect((await echo('/mcp', { headers: { authorization } })).headers.authorization).toBe(authorization);
      });

      test('a header block that is far too large is refused with 400', async () => {
        const answer = await call('/mcp', { headers: { authorization: 't'.repeat(70_000) } });
        expect(answer.status).toBe(400);
      });

      test('4 MB pass, more is 413', async () => {
        expect((await echo('/mcp', { method: 'POST', body: Buffer.alloc(4_000_000) })).bodyBytes).toBe(4_000_000);
        const answer = await tooLarge(gateway.url, { 'content-length': '5000000' });
        expect(answer).toBe(413);
      });
    });
  });
}

/** Sends the head only, as a careful client with `Expect` would, and reads the refusal. */
function tooLarge(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${url}/mcp`,
      { method: 'POST', agent: false, headers: { ...headers, expect: '100-continue' } },
      (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      },
    );
    request.once('continue', () => request.end(Buffer.alloc(5_000_000)));
    request.once('error', reject);
    request.flushHeaders();
  });
}
