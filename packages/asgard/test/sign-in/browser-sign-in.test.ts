import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startHeimdall } from '@asgard/devstack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signInByBrowser } from '../../src/sign-in/browser-sign-in.ts';
import { createCredentialStore } from '../../src/sign-in/credential-store.ts';

/** The stand-in's issuer, and a resource that names it in its metadata document (RFC 9728). */
let issuer: Awaited<ReturnType<typeof startHeimdall>>;
let resource: Server;
let url: string;

beforeAll(async () => {
  resource = createServer((request, response) => {
    const found = request.url?.startsWith('/.well-known/oauth-protected-resource') === true;
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(found ? JSON.stringify({ resource: url, authorization_servers: [issuer.issuer] }) : '{}');
  });
  await new Promise<void>((resolve) => resource.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(resource.address() as AddressInfo).port}/mcp`;
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  issuer = await startHeimdall({ publicUrl: `http://localhost:${port}/realms/asgard`, port, resources: [url] });
});
afterAll(async () => {
  resource.close();
  await issuer.close();
});

function createFiles() {
  const disk = new Map<string, string>();
  return {
    disk,
    read: async (path: string) => disk.get(path),
    writePrivate: async (path: string, content: string) => void disk.set(path, content),
  };
}

/** Follows redirects with cookies, clicks on the first user, and ends at the command's own page. */
async function scriptedBrowser(page: string): Promise<void> {
  const cookies = new Map<string, string>();
  let next = new URL(page);
  let body: URLSearchParams | undefined;
  for (let step = 0; step < 12; step += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(next, {
      redirect: 'manual',
      headers: { cookie },
      ...(body && { method: 'POST', body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    body = undefined;
    const location = response.headers.get('location');
    const html = await response.text();
    if (location !== null) next = new URL(location, next);
    else if (html.includes('<form')) {
      next = new URL(/<form[^>]*action="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '', next);
      body = new URLSearchParams({ username: 'freya', password: 'freya' });
    } else return;
  }
}

const interrupted = new AbortController().signal;

test('signs in by the browser once, keeps the token, renews it when it ends', async () => {
  const files = createFiles();
  const store = createCredentialStore('/config/tokens.json', files);
  const pages: string[] = [];
  let now = Date.now();
  const openBrowser = async (page: string): Promise<void> => {
    pages.push(page);
    await new Promise((resolve) => setImmediate(resolve));
    void scriptedBrowser(page);
  };
  const options = { url, scopes: [], store, openBrowser, now: () => now, interrupted };
  const first = await signInByBrowser(options);
  expect(new URL(pages[0] ?? '').searchParams.get('code_challenge_method')).toBe('S256');
  expect(JSON.parse(Buffer.from(first.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
    aud: url,
    preferred_username: 'freya',
  });
  expect(JSON.parse(files.disk.get('/config/tokens.json') ?? '')).toMatchObject([
    { issuer: issuer.issuer, resource: url },
  ]);
  expect(await signInByBrowser(options)).toBe(first);
  now += 24 * 3_600_000;
  expect(await signInByBrowser(options)).not.toBe(first);
  expect(pages).toHaveLength(1);
}, 20_000);

test('more scopes are another sign-in, whose token is kept beside the first', async () => {
  const files = createFiles();
  const store = createCredentialStore('/config/tokens.json', files);
  const pages: string[] = [];
  const openBrowser = async (page: string): Promise<void> => {
    pages.push(page);
    setImmediate(() => void scriptedBrowser(page));
  };
  const signIn = (scopes: readonly string[]) =>
    signInByBrowser({ url, scopes, store, openBrowser, now: Date.now, interrupted });
  const plain = await signIn([]);
  const more = await signIn(['mcp:write', 'mcp:admin']);
  expect(new URL(pages[1] ?? '').searchParams.get('scope')?.split(' ')).toEqual(
    expect.arrayContaining(['mcp:admin', 'mcp:write']),
  );
  const { scope } = JSON.parse(Buffer.from(more.split('.')[1] ?? '', 'base64url').toString());
  expect(scope.split(' ')).toEqual(expect.arrayContaining(['mcp:admin', 'mcp:write']));
  expect(await signIn([])).toBe(plain);
  expect(await signIn(['mcp:admin', 'mcp:write'])).toBe(more);
  expect(pages).toHaveLength(2);
}, 20_000);

test('without anybody to show a page to it says what to pass', async () => {
  const store = createCredentialStore('/x', createFiles());
  const options = { url, scopes: [], store, openBrowser: undefined, now: Date.now, interrupted };
  await expect(signInByBrowser(options)).rejects.toMatchObject({
    code: 'sign_in_failed',
    message: expect.stringContaining('Pass --token'),
  });
}, 20_000);

test('Ctrl-C ends the wait for the browser', async () => {
  const store = createCredentialStore('/x', createFiles());
  const openBrowser = async (): Promise<void> => {};
  const options = { url, scopes: [], store, openBrowser, now: Date.now, interrupted: AbortSignal.abort() };
  await expect(signInByBrowser(options)).rejects.toMatchObject({ code: 'cancelled' });
}, 20_000);

test('an answer without the state of the request is not taken', async () => {
  const store = createCredentialStore('/x', createFiles());
  let status = 0;
  const controller = new AbortController();
  const openBrowser = async (page: string): Promise<void> => {
    setTimeout(async () => {
      const target = new URL(new URL(page).searchParams.get('redirect_uri') ?? '');
      target.search = '?code=stolen&state=guessed';
      status = (await fetch(target)).status;
      controller.abort();
    }, 20);
  };
  const options = { url, scopes: [], store, openBrowser, now: Date.now, interrupted: controller.signal };
  await expect(signInByBrowser(options)).rejects.toMatchObject({ code: 'cancelled' });
  expect(status).toBe(404);
}, 20_000);
