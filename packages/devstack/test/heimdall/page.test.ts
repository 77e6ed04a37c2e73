import { expect, test } from 'vitest';
import { pageHeaders, renderErrorPage, renderLoginPage } from '../../src/heimdall/page.ts';

const page = {
  action: '/heimdall/login/1',
  users: [
    { username: 'freya', password: 'f', organization: 'valhalla' },
    { username: 'loki', password: 'l', organization: 'jotunheim' },
  ],
  clientName: 'Inspector',
  redirectUri: 'http://localhost:6274/oauth/callback',
  resource: 'http://localhost:7999/mcp',
  scope: 'mcp:tools',
};

test('has a button for each user and says what it is, who asks for what, and where it leads', () => {
  const html = renderLoginPage(page);
  expect(html.match(/<button[^>]*>(.*?)<\/button>/g)?.map((button) => button.replace(/<[^>]*>/g, ''))).toEqual([
    'Sign in as freya (valhalla)',
    'Sign in as loki (jotunheim)',
    'Cancel',
  ]);
  for (const text of ['development only', page.clientName, page.redirectUri, page.resource, page.scope]) {
    expect(html).toContain(text);
  }
  expect(html).not.toContain('role="alert"');
  expect(renderLoginPage({ ...page, problem: 'No.' })).toContain('<p role="alert"><strong>No.</strong></p>');
});

test('can be used with a screen reader: language, title, one main, one heading', () => {
  const html = renderLoginPage(page);
  for (const mark of ['<html lang="en">', '<title>Sign in', '<main>', '<h1>']) expect(html.split(mark)).toHaveLength(2);
});

test('loads nothing', () => {
  expect(renderLoginPage(page)).not.toMatch(/<(script|link|img|iframe)|url\(|@import/);
  expect(pageHeaders['content-security-policy']).toContain("default-src 'none'");
  expect(pageHeaders['content-security-policy']).toContain("frame-ancestors 'none'");
});

test('whatever a client says about itself stays text', () => {
  const evil = `"><script>alert('1')</script>&`;
  const html = renderLoginPage({
    ...{ ...page, action: evil, clientName: evil, redirectUri: evil, resource: evil, scope: evil, problem: evil },
    users: [{ username: evil, password: evil, organization: evil }],
  });
  expect(html).not.toContain('<script');
  expect(html).not.toContain(evil);
  expect(renderErrorPage(evil, evil)).not.toContain('<script');
});
