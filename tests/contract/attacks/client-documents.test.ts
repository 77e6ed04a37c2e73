import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Heimdall, startHeimdall } from '../../../packages/devstack/src/heimdall/heimdall.ts';
import { signIn } from '../../../packages/devstack/src/heimdall/sign-in.ts';
import { findFreePort } from '../../../packages/devstack/src/ports.ts';
import { findOpenssl } from '../../real/certificates.ts';
import { describeWith } from '../../real/requirement.ts';
import { until } from '../../real/until.ts';
import { type DocumentHost, REDIRECT_URI, startDocumentHost } from './document-host.ts';

const RESOURCE = 'http://localhost:7999/mcp';
/** Ways to write this machine. */
const OWN: ReadonlySet<string> = new Set(['127.0.0.1', '0.0.0.0', '[::ffff:7f00:1]']);

/** Whoever signs in names the client, and with it an address that the issuer reads: strangers must not reach inner servers by that. */
describeWith('attacks by the documents of clients', await findOpenssl(), () => {
  let host: DocumentHost;
  let heimdall: Heimdall;
  /** What the issuer called, as it asked for it. */
  const called = new Set<string>();

  /** Plays the name service: every host but this machine is at the address of the inner server. */
  function resolve(input: string): string {
    const url = new URL(input);
    if (OWN.has(url.hostname)) return input;
    return `https://127.0.0.1:${host.port}${url.pathname}`;
  }

  beforeAll(async () => {
    // The inner server's certificate is nobody's: what keeps the issuer away must not be just that.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    host = await startDocumentHost();
    const port = await findFreePort(0);
    heimdall = await startHeimdall({
      ...{ publicUrl: `http://localhost:${port}/heimdall/realms/asgard`, port, resources: [RESOURCE] },
      clientDocuments: true,
      fetch: (input, init) => {
        called.add(String(input));
        return fetch(resolve(String(input)), init);
      },
    });
  });
  beforeEach(() => {
    called.clear();
    host.asked.clear();
    host.cutOff.length = 0;
  });
  afterAll(async () => {
    await heimdall?.close();
    await host?.close();
    vi.unstubAllEnvs();
  });

  const signInBy = (clientId: string) =>
    signIn({ issuer: heimdall.issuer, resource: RESOURCE, user: 'freya', clientId, redirectUri: REDIRECT_URI });
  const refused = (clientId: string) =>
    expect(signInBy(clientId), clientId).rejects.toMatchObject({ code: 'sign_in_failed' });
  const here = (path: string): string => `https://127.0.0.1:${host.port}${path}`;

  test('a good document on this machine lets its client in: what the attacks lack is all that keeps them out', async () => {
    expect((await signInBy(here('/good.json'))).accessToken).toBeTruthy();
    expect([...host.asked]).toEqual(['/good.json']);
    // The inner server answers whoever reaches it by a name of the attacks.
    expect((await fetch(resolve('https://rebind.example/good.json'))).status).toBe(200);
  });

  test.each([
    ['a name that leads to this machine', 'https://rebind.example/good.json'],
    ['a name below one that leads to this machine', 'https://127.0.0.1.rebind.example/good.json'],
    ['a name that ends like this machine', 'https://evil.localhost/good.json'],
    ['this machine with a dot behind it', 'https://localhost./good.json'],
    ['the address of a private network', 'https://10.0.0.1/good.json'],
    ['the address of another', 'https://192.168.1.1/good.json'],
    ['the address of the cloud', 'https://169.254.169.254/latest/meta-data'],
  ])('%s: no inner server is asked', async (_name, clientId) => {
    await refused(clientId);
    expect([[...called], [...host.asked]]).toEqual([[clientId], []]);
  });

  test.each(['0.0.0.0', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'])(
    '%s, which is this machine as well: it is not asked',
    async (name) => {
      await refused(`https://${name}:${host.port}/good.json`);
      expect([called.size, host.asked.size]).toEqual([1, 0]);
    },
  );

  test.each(['/redirect.json', '/cloud.json'])('%s leads nowhere: redirects are not followed', async (path) => {
    await refused(here(path));
    expect([[...called], [...host.asked]]).toEqual([[here(path)], [path]]);
  });

  test.each(['/other-id.json', '/list.json', '/shared-secret.json', '/page.json', '/long.json', '/missing.json'])(
    '%s is not taken',
    async (path) => {
      await refused(here(path));
      expect([...host.asked]).toEqual([path]);
    },
  );

  test('a document without end is cut off', async () => {
    await refused(here('/endless.json'));
    await until(() => host.cutOff.length > 0);
    expect(host.cutOff[0]?.path).toBe('/endless.json');
    // What the kernel keeps for a reader that does not read.
    expect(host.cutOff[0]?.bytes).toBeLessThan(20_000_000);
  });

  test.each(['/silent.json', '/slow.json'])('%s, which never comes, is waited for a few seconds', async (path) => {
    await refused(here(path));
    await until(() => host.cutOff.length > 0);
    expect(new Set(host.cutOff.map((answer) => answer.path))).toEqual(new Set([path]));
    expect((await signInBy(here('/good.json'))).accessToken).toBeTruthy();
  });

  test.each([
    ['in the clear', () => here('/good.json').replace('https:', 'http:')],
    ['with a user', () => here('/good.json').replace('https://', 'https://user@')],
    ['with a fragment', () => `${here('/good.json')}#x`],
    ['with steps upwards', () => here('/x/../good.json')],
    ['with encoded steps upwards', () => here('/x/%2e%2e/good.json')],
    ['with a backslash', () => here('\\good.json')],
    ['with a line break', () => `${here('/good.json')}\n`],
    ['by another scheme', () => 'file:///etc/passwd'],
  ])('an address %s is not asked at all', async (_name, clientId) => {
    await refused(clientId());
    expect([...called]).toEqual([]);
  });
});
