import { createInMemoryPublisher, parseHoldHeaders } from '@asgard/grip';
import { createLeaseSealer } from '@asgard/grip/node';
import { describe, expect, it } from 'vitest';
import { createMemoryCluster } from '../../src/index.ts';
import { LegacyClient } from '../legacy/client.ts';
import { channelsOf, createHeldFixture, type HeldFixture, messagesIn, sign } from './proxy.ts';

const KEYS = ['a lease secret of thirty-two bytes!!'];
const create = (advertise?: string): HeldFixture =>
  createHeldFixture(
    { http: { patienceMs: 5 } },
    { recovery: { sealer: createLeaseSealer({ keys: KEYS }), ...(advertise !== undefined && { advertise }) } },
  );

async function hold(
  fixture: HeldFixture,
  id: string | number = 'call-1',
): Promise<{ link: string; channel: string; boot: string }> {
  const response = await fixture.odin.fetch(await fixture.proxied('tools/call', { name: 'wait' }, { id }));
  return {
    link: parseHoldHeaders(response.headers)?.next?.uri ?? '',
    channel: channelsOf(response)[0] ?? '',
    boot: channelsOf(response)[1] ?? '',
  };
}

async function ask(
  fixture: HeldFixture,
  link: string,
  channel: string,
  headers: Record<string, string | undefined> = {},
): Promise<Response> {
  const all = { 'grip-sig': await sign(), 'grip-last': `${channel}; last-id=0`, ...headers };
  const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return fixture.odin.fetch(new Request(new URL(link, 'http://replica-7:8080'), { headers: sent }));
}

describe('a held call', () => {
  it('carries a link to any replica when it says where they are, and how they find each other', async () => {
    const cluster = createMemoryCluster();
    const linkOf = async (service: string) => {
      const recovery = { sealer: createLeaseSealer({ keys: KEYS }), advertise: 'http://replica-7:8080', service };
      const fixture = createHeldFixture({ cluster, http: { patienceMs: 5 } }, { recovery });
      const { link } = await hold(fixture);
      await fixture.odin.close({ deadlineMs: 0 });
      return link;
    };
    expect(await linkOf('http://odin:8080/')).toMatch(/^http:\/\/odin:8080\/\.odin\/next\/r1\.\w+$/);
    expect(await linkOf('/')).toMatch(/^\/\.odin\/next\/r1\.\w+$/);
  });

  it('carries a link, straight to the replica when it says where it is', async () => {
    expect((await hold(create())).link).toMatch(/^\/\.odin\/next\/r1\.\w+$/);
    expect((await hold(create('http://replica-7:8080/'))).link).toMatch(
      /^http:\/\/replica-7:8080\/\.odin\/next\/r1\.\w+$/,
    );
  });

  it('goes on when the proxy asks while it runs', async () => {
    const fixture = create();
    const { link, channel } = await hold(fixture);
    const response = await ask(fixture, link, channel);
    expect([response.status, response.headers.get('grip-hold'), channelsOf(response)[0]]).toEqual([
      200,
      'stream',
      channel,
    ]);
  });

  it.each(['2025-06-18', '2025-11-25'])(
    'of a session of %s ends with an error for its own id when its server was restarted, its own stream without a message',
    async (version) => {
      const createServer = (): HeldFixture =>
        createHeldFixture(
          { secrets: KEYS, http: { patienceMs: 5 } },
          { recovery: { sealer: createLeaseSealer({ keys: KEYS }) } },
        );
      const before = createServer();
      const client = await new LegacyClient({ version, headers: { 'grip-sig': await sign() } }).connect(before.odin);
      const call = await client.request(before.odin, 'tools/call', { name: 'wait', arguments: {} }, 77);
      const own = await client.get(before.odin);
      const after = createServer();
      const texts = await Promise.all(
        [call, own].map(async (held) => {
          const link = parseHoldHeaders(held.headers)?.next?.uri ?? '';
          const answer = await ask(after, link, channelsOf(held)[0] ?? '');
          expect([answer.status, answer.headers.get('grip-hold')]).toEqual([200, null]);
          return answer.text();
        }),
      );
      expect(messagesIn(texts)).toMatchObject([{ id: 77, error: { data: { retryable: true } } }]);
      expect(texts[1]).toBe('');
      const names = [call, own].map(({ headers }) => Object.values(parseHoldHeaders(headers)?.meta ?? {}));
      expect(names).toEqual([['77'], []]);
    },
  );

  it('ends with one retryable error for its own id when its server was restarted', async () => {
    const before = create();
    const { link, channel } = await hold(before, 'call-"7"');
    const after = create();
    const response = await ask(after, link, channel);
    expect([response.status, response.headers.get('grip-hold')]).toEqual([200, null]);
    expect(messagesIn([await response.text()])).toEqual([
      {
        jsonrpc: '2.0',
        id: 'call-"7"',
        error: { code: -32603, message: expect.stringContaining('Retry the request'), data: { retryable: true } },
      },
    ]);
  });

  it('ends with that error by whichever replica is asked, when the start that ran it is over', async () => {
    const cluster = createMemoryCluster();
    const recovery = { sealer: createLeaseSealer({ keys: KEYS }), advertise: 'http://127.0.0.1:1', service: '/' };
    const start = (replica: string) =>
      createHeldFixture(
        { cluster, http: { patienceMs: 5 } },
        { replica, recovery, publisher: createInMemoryPublisher() },
      );
    const [first, other] = [start('r1'), start('r2')];
    const { link, channel } = await hold(first, 'call-7');
    expect((await ask(other, link, channel)).status).toBe(503);
    const again = start('r1');
    const response = await ask(other, link, channel);
    const message = 'The server that ran this call is gone. Retry the request.';
    expect([response.status, messagesIn([await response.text()])]).toEqual([
      200,
      [{ jsonrpc: '2.0', id: 'call-7', error: { code: -32603, message, data: { retryable: true } } }],
    ]);
    await Promise.all([first, other, again].map(({ odin }) => odin.close({ deadlineMs: 0 })));
  });

  it('is hinted at by the replica that comes back, so that the proxy asks at once', async () => {
    const { boot } = await hold(create());
    const after = create();
    after.publisher.subscribe(boot);
    await expect.poll(() => after.heard(boot)).toEqual(['hint']);
    const foreign = createHeldFixture({}, { replica: 'r2', recovery: { sealer: createLeaseSealer({ keys: KEYS }) } });
    foreign.publisher.subscribe(boot);
    expect(foreign.publisher.published).toEqual([]);
  });

  it.each([
    ['no signature', { 'grip-sig': undefined }],
    ['no Grip-Last, as a stranger through the proxy has it', { 'grip-last': undefined }],
    ['the last id of another channel', { 'grip-last': 'other; last-id=0' }],
  ])('reveals nothing to a request with %s', async (_, headers) => {
    const fixture = create();
    const { link, channel } = await hold(fixture);
    const response = await ask(fixture, link, channel, headers);
    expect([response.status, await response.text(), response.headers.get('grip-hold')]).toEqual([404, '', null]);
  });

  it.each([
    ['a changed lease', (channel: string) => `${channel.slice(0, -2)}AA`],
    ['no lease', (channel: string) => channel.split('.').slice(0, 3).join('.')],
    ['the lease of a server with other secrets', (channel: string) => channel],
  ])('reveals nothing for %s', async (what, change) => {
    const fixture = create();
    const { link, channel } = await hold(fixture);
    const other = createHeldFixture(
      {},
      {
        publisher: createInMemoryPublisher(),
        recovery: { sealer: createLeaseSealer({ keys: ['another secret of thirty-two bytes!!'] }) },
      },
    );
    const response = await ask(what.includes('other secrets') ? other : fixture, link, change(channel));
    expect([response.status, await response.text()]).toEqual([404, '']);
  });

  it('is no link for POST', async () => {
    const fixture = create();
    const { link } = await hold(fixture);
    const request = new Request(new URL(link, 'http://localhost'), {
      method: 'POST',
      headers: { 'grip-sig': await sign(), 'grip-last': 'x; last-id=0' },
    });
    expect((await fixture.odin.fetch(request)).status).toBe(404);
  });

  it('with an id too long for a link is streamed by this process', async () => {
    const fixture = create();
    const response = await fixture.odin.fetch(
      await fixture.proxied(
        'tools/call',
        { name: 'steps', arguments: { count: 2 } },
        { id: 'x'.repeat(2_000), meta: { progressToken: 1 } },
      ),
    );
    expect([response.headers.get('grip-hold'), messagesIn([await response.text()]).length]).toEqual([null, 3]);
  });

  it.each([
    [{ service: 'http://odin:8080' }, /recovery\.service: needs hermod\.recovery\.advertise and a cluster/],
    [{ advertise: 'http://r1:8080', service: 'odin:8080' }, /recovery\.service: must be like .*, not "odin:8080"/],
    [{ advertise: 'ftp://r1' }, /recovery\.advertise: must be like http:\/\/odin:8080, not "ftp:\/\/r1"/],
  ])('with the addresses %j is refused', (addresses, message) => {
    const recovery = { sealer: createLeaseSealer({ keys: KEYS }), ...addresses };
    expect(() => createHeldFixture({}, { recovery })).toThrow(message);
  });
});
