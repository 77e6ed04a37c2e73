import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPkce, readMetadata, registerClient, requestToken } from '../../src/heimdall/oauth-client.ts';

const issuer = 'http://localhost:7999/heimdall/realms/asgard';
const answering =
  (answer: () => Response): typeof fetch =>
  async () =>
    answer();

test('makes a PKCE pair of enough chance (RFC 7636 section 4)', () => {
  const { verifier, challenge } = createPkce();
  expect(verifier).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(challenge).toBe(createHash('sha256').update(verifier).digest('base64url'));
  expect(createPkce().verifier).not.toBe(verifier);
});

test('refuses the metadata of another issuer', async () => {
  const metadata = { issuer, token_endpoint: `${issuer}/token` };
  expect(
    await readMetadata(
      issuer,
      answering(() => Response.json(metadata)),
    ),
  ).toEqual(metadata);
  const other = answering(() => Response.json({ issuer: 'http://evil.example' }));
  await expect(readMetadata(issuer, other)).rejects.toMatchObject({ code: 'sign_in_failed' });
});

test('registers a public native client with the redirect URI', async () => {
  let body: unknown;
  const fetcher: typeof fetch = async (_url, init) => {
    body = JSON.parse(String(init?.body));
    return Response.json({ client_id: 'c1' }, { status: 201 });
  };
  expect(await registerClient(`${issuer}/reg`, 'http://127.0.0.1:1/callback', fetcher)).toBe('c1');
  expect(body).toMatchObject({
    redirect_uris: ['http://127.0.0.1:1/callback'],
    application_type: 'native',
    token_endpoint_auth_method: 'none',
  });
  await expect(registerClient(undefined, 'http://127.0.0.1:1/callback', fetcher)).rejects.toThrow('"clientId"');
});

test('reads a token answer', async () => {
  const answer = { access_token: 'a', refresh_token: 'r', expires_in: 300, token_type: 'Bearer' };
  const token = requestToken(
    `${issuer}/token`,
    {},
    answering(() => Response.json(answer)),
  );
  expect(await token).toEqual({ accessToken: 'a', refreshToken: 'r', expiresIn: 300 });
});

test.each<[string, () => Response, RegExp]>([
  ['an error', () => Response.json({ error: 'invalid_grant' }, { status: 400 }), /answers 400: .*invalid_grant/],
  ['a page', () => new Response('<html>'), /does not answer with JSON/],
  [
    'silence',
    () => {
      throw new TypeError('fetch failed');
    },
    /cannot be reached/,
  ],
])('tells about %s', async (_name, answer, message) => {
  const asking = requestToken(`${issuer}/token`, {}, answering(answer));
  await expect(asking).rejects.toMatchObject({ code: 'sign_in_failed', message: expect.stringMatching(message) });
});
