import { expect, test } from 'vitest';
import { createBrowser, textOf } from '../../src/heimdall/browser.ts';

interface Step {
  method: string;
  url: string;
  cookie: string | null;
  body: string;
}

/** A site that answers by path and remembers what it was asked. */
function createSite(pages: Record<string, () => Response>) {
  const steps: Step[] = [];
  const fetcher: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const cookie = new Headers(init?.headers).get('cookie');
    steps.push({ method: request.method, url: request.url, cookie, body: await request.text() });
    return pages[new URL(request.url).pathname]?.() ?? new Response('nothing', { status: 404 });
  };
  return { steps, browser: createBrowser('http://127.0.0.1:1/callback', fetcher) };
}

const redirect = (location: string, cookie?: string) =>
  new Response(null, { status: 303, headers: { location, ...(cookie && { 'set-cookie': cookie }) } });

test('follows redirects with its cookies, fills in the form, and stops at the client', async () => {
  const { browser, steps } = createSite({
    '/auth': () => redirect('/login/1', 'login=1; path=/login/1'),
    '/login/1': () =>
      new Response(
        '<main><form method="post" action="/send?a=1&#38;b=2&amp;c=3"><input type="hidden" name="x" value="&#34;1&quot;"><input type="hidden" name="username" value="loki"><input name="other"></form></main>',
      ),
    '/send': () => redirect('http://127.0.0.1:1/callback?code=c'),
  });
  const first = await browser.open('http://localhost:7999/auth?x=1');
  if (!('page' in first)) throw new Error('no page');
  const second = await browser.submit(first.page, { username: 'freya' });
  expect(second).toEqual({ arrived: new URL('http://127.0.0.1:1/callback?code=c') });
  expect(steps).toEqual([
    { method: 'GET', url: 'http://localhost:7999/auth?x=1', cookie: null, body: '' },
    { method: 'GET', url: 'http://localhost:7999/login/1', cookie: 'login=1', body: '' },
    { method: 'POST', url: 'http://localhost:7999/send?a=1&b=2&c=3', cookie: null, body: 'x=%221%22&username=freya' },
  ]);
});

test('does not run in circles', async () => {
  const { browser, steps } = createSite({ '/auth': () => redirect('/auth') });
  await expect(browser.open('http://localhost:7999/auth')).rejects.toMatchObject({ code: 'sign_in_failed' });
  expect(steps).toHaveLength(15);
});

test('tells what a page without a form says', async () => {
  const { browser } = createSite({
    '/auth': () => new Response('<main><h1>No</h1> such <b>client</b></main>', { status: 400 }),
  });
  const visit = await browser.open('http://localhost:7999/auth');
  if (!('page' in visit)) throw new Error('no page');
  expect(() => browser.submit(visit.page, {})).toThrow('(status 400): No such client');
});

test('reads a page as a person would', () => {
  expect(textOf('<style>p{}</style><p>Sign   in</p>')).toBe('Sign in');
});
