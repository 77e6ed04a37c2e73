import { request as httpRequest } from 'node:http';
import { createInMemoryPublisher } from '@asgard/grip';
import { createTokenVerifier } from '@asgard/heimdall-client';
import { OdinServer } from '@asgard/odin';
import { listen } from '@asgard/odin/node';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

const issuer = 'https://issuer.example';
const audience = 'http://localhost:9/mcp';
const gripKey = 'base64:YmFkLWlucHV0LXRlc3RzLW9ubHktYmFkLWlucHV0ISE=';
const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: { id?: unknown; error?: { code: number; message: string }; result?: { isError?: boolean } } | undefined;
}

let origin: URL;
let close: () => Promise<unknown>;
let token: string;
let sign: (claims: { audience?: string; issuer?: string; expiresIn?: number }, key?: CryptoKey) => Promise<string>;
let ran = 0;
let mayRun = false;

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] };
  sign = (claims, key = privateKey) =>
    new SignJWT({ scope: 'tools' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'at+jwt' })
      .setSubject('ada')
      .setIssuer(claims.issuer ?? issuer)
      .setAudience(claims.audience ?? audience)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + (claims.expiresIn ?? 300))
      .sign(key);
  token = await sign({});
  const verifier = createTokenVerifier({
    issuer,
    audience,
    jwksUri: `${issuer}/jwks`,
    fetch: async () => Response.json(jwks),
  });
  const odin = new OdinServer({
    name: 'guarded',
    version: '1.0.0',
    url: audience,
    auth: { issuer, audience, verifier },
    hermod: { publisher: createInMemoryPublisher(), keys: [gripKey] },
    http: { maxBodyBytes: 10_000 },
  });
  odin.tool({ name: 'run', description: 'Counts that it ran', hold: 'always' }, (ctx) => {
    ran += 1;
    return `hello ${ctx.principal?.subject}`;
  });
  const server = await listen(odin, { port: 0 });
  origin = new URL(server.url);
  close = () => server.close();
});
afterAll(() => close?.());

beforeEach(() => {
  ran = 0;
  mayRun = false;
});
afterEach(() => {
  expect(ran).toBe(mayRun ? 1 : 0);
});

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string | undefined>;
  body?: string | object;
}

/** Sends a good call of the tool `run`, except for what the test breaks. A header that is undefined is left out. */
function send(change: Sent = {}): Promise<Answer> {
  const body = change.body ?? call();
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'run',
    'content-length': change.method === 'GET' ? undefined : String(Buffer.byteLength(text)),
    ...change.headers,
  };
  const present = Object.fromEntries(Object.entries(headers).filter((entry) => entry[1] !== undefined));
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port: origin.port,
        method: change.method ?? 'POST',
        path: change.path ?? '/mcp',
        headers: present,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const received = Buffer.concat(chunks).toString();
          const json = response.headers['content-type']?.startsWith('application/json');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: json && received !== '' ? JSON.parse(received) : undefined,
          });
        });
      },
    );
    sent.once('error', reject);
    sent.end(change.method === 'GET' ? undefined : text);
  });
}

function call(params: object = { name: 'run', arguments: {} }, method = 'tools/call'): object {
  return { jsonrpc: '2.0', id: 7, method, params: { ...params, _meta: meta } };
}

test('the good call runs: the others differ from it in one thing', async () => {
  mayRun = true;
  const answer = await send();
  expect(answer).toMatchObject({ status: 200, body: { id: 7, result: { content: [{ text: 'hello ada' }] } } });
});

const refused: [name: string, change: Sent, status: number, code: number | undefined][] = [
  ['malformed JSON', { body: '{"jsonrpc":' }, 400, -32700],
  ['no JSON-RPC', { body: { hello: 'world' } }, 400, -32600],
  ['a batch', { body: [call()] }, 400, -32600],
  ['another content type', { headers: { 'content-type': 'text/plain' } }, 415, -32000],
  ['no content type', { headers: { 'content-type': undefined } }, 415, -32000],
  ['a foreign Host', { headers: { host: 'evil.example' } }, 403, -32000],
  ['a foreign Origin', { headers: { origin: 'https://evil.example' } }, 403, -32000],
  ['an opaque Origin', { headers: { origin: 'null' } }, 403, -32000],
  ['an oversized body', { body: call({ name: 'run', arguments: { text: 'x'.repeat(20_000) } }) }, 413, -32000],
  ['an unknown path', { path: '/other' }, 404, -32000],
  ['GET', { method: 'GET' }, 405, -32000],
  [
    'an unknown method',
    { body: call({}, 'tools/burn'), headers: { 'mcp-method': 'tools/burn', 'mcp-name': undefined } },
    404,
    -32601,
  ],
  [
    'an unknown revision',
    {
      body: {
        ...call(),
        params: { name: 'run', _meta: { ...meta, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' } },
      },
      headers: { 'mcp-protocol-version': '2031-01-01' },
    },
    400,
    -32022,
  ],
  ['no envelope', { body: { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'run' } } }, 400, -32602],
  ['a method header that disagrees', { headers: { 'mcp-method': 'tools/list' } }, 400, -32020],
  ['a name header that disagrees', { headers: { 'mcp-name': 'walk' } }, 400, -32020],
  ['no method header', { headers: { 'mcp-method': undefined } }, 400, -32020],
  ['no name header', { headers: { 'mcp-name': undefined } }, 400, -32020],
  ['a revision header that disagrees', { headers: { 'mcp-protocol-version': '2025-11-25' } }, 400, -32020],
  ['no token', { headers: { authorization: undefined } }, 401, -32000],
  ['another scheme', { headers: { authorization: 'Basic YWRhOmFkYQ==' } }, 401, -32000],
  ['a token that is none', { headers: { authorization: 'Bearer abc' } }, 401, -32000],
  ['only X-Userinfo', { headers: { authorization: undefined, 'x-userinfo': btoa('{"sub":"ada"}') } }, 401, -32000],
];

test.each(refused)('%s is refused and nothing runs', async (_name, change, status, code) => {
  const answer = await send(change);
  expect({ status: answer.status, code: answer.body?.error?.code }).toEqual({ status, code });
  if (status === 401)
    expect(answer.headers['www-authenticate']).toContain(
      'resource_metadata="http://localhost:9/.well-known/oauth-protected-resource/mcp"',
    );
});

test('tokens that are expired, for another audience, of another issuer or of another key are refused', async () => {
  const { privateKey } = await generateKeyPair('ES256');
  const tokens = {
    expired: await sign({ expiresIn: -60 }),
    audience: await sign({ audience: 'https://other.example/mcp' }),
    issuer: await sign({ issuer: 'https://evil.example' }),
    key: await sign({}, privateKey),
    unsigned: `${token.split('.').slice(0, 2).join('.')}.`,
  };
  for (const [name, bad] of Object.entries(tokens)) {
    const answer = await send({ headers: { authorization: `Bearer ${bad}` } });
    expect(answer.status, name).toBe(401);
    expect(answer.headers['www-authenticate'], name).toContain('error="invalid_token"');
  }
});

test('a token in the URL is refused', async () => {
  const answer = await send({ path: `/mcp?access_token=${token}`, headers: { authorization: undefined } });
  expect(answer.status).toBe(400);
});

test('a forged Grip-Sig is the same as none: the call is answered, and nothing is held', async () => {
  mayRun = true;
  const forged = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(Buffer.from('another key, thirty-two bytes long'));
  const answer = await send({ headers: { 'grip-sig': forged } });
  expect(answer.status).toBe(200);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('grip-'))).toEqual([]);
});

test('X-Userinfo beside a good token changes nobody', async () => {
  mayRun = true;
  const answer = await send({ headers: { 'x-userinfo': btoa('{"sub":"root"}') } });
  expect(JSON.stringify(answer.body)).toContain('hello ada');
});

test('bad arguments and an unknown tool are answers, not accidents', async () => {
  const odd = await send({ body: call({ name: 'run', arguments: { extra: 1 } }) });
  expect(odd.status).toBe(200);
  expect(odd.body?.result?.isError).toBe(true);
  const unknown = await send({ body: call({ name: 'walk' }), headers: { 'mcp-name': 'walk' } });
  expect(unknown).toMatchObject({ status: 200, body: { id: 7, error: { code: -32602 } } });
});
