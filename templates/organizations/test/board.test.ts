import { createNotifier, type OdinServer } from '@asgard/odin';
import { createTestClient, createTestProxy, type TestClient, testPrincipal } from '@asgard/odin/testing';
import { expect, test } from 'vitest';
import type { Notice, Notices } from '../src/notices.ts';
import { postFromOutside } from '../src/outside.ts';
import { createServer } from '../src/server.ts';

function createMemoryNotices(): Notices {
  const all: Notice[] = [];
  return {
    list: async (organization) => all.filter((notice) => notice.organization === organization),
    add: async (notice) => void all.push(notice),
  };
}

function memberOf(odin: OdinServer, alias: string, ...scopes: string[]): TestClient {
  const principal = testPrincipal({ username: `${alias}-user`, scopes, organizations: [{ alias }] });
  return createTestClient(odin, { principal, capabilities: { elicitation: {} } });
}

/** Asks for the post, answers the question, and gives the result. */
async function post(client: TestClient, text: string, answer: object) {
  const call = { name: 'post', arguments: { text } };
  const first = await client.request('tools/call', call);
  expect(first.resultType).toBe('input_required');
  return client.request('tools/call', {
    ...call,
    requestState: first.requestState ?? '',
    inputResponses: { audience: { ...answer } },
  });
}
const YES = { action: 'accept', content: { audience: 'everyone' } };

test('a notice is posted once the user says for whom', async () => {
  const freya = memberOf(createServer({ notices: createMemoryNotices() }), 'valhalla', 'notices:write');
  expect(await post(freya, 'Feast at dusk', YES)).toMatchObject({ content: [{ text: 'Posted to valhalla.' }] });
  expect(await freya.callTool('list')).toMatchObject({
    structuredContent: { notices: [{ text: 'Feast at dusk', by: 'valhalla-user' }] },
  });
  expect(await post(freya, 'Never mind', { action: 'decline' })).toMatchObject({ content: [{ text: 'Not posted.' }] });
});

test('another organization sees nothing of it', async () => {
  const odin = createServer({ notices: createMemoryNotices() });
  await post(memberOf(odin, 'valhalla', 'notices:write'), 'Feast at dusk', YES);
  const loki = memberOf(odin, 'jotunheim');
  expect(await loki.callTool('list')).toMatchObject({ structuredContent: { notices: [] } });
  await expect(loki.readResource('notices://valhalla')).rejects.toThrow('Resource not found');
});

test('who lacks the scope does not see the tool, and who belongs nowhere sees none', async () => {
  const odin = createServer({ notices: createMemoryNotices() });
  const own = new Set(['list', 'post']);
  const names = async (client: TestClient) =>
    (await client.listTools()).map(({ name }) => name).filter((name) => own.has(name));
  expect(await names(memberOf(odin, 'valhalla'))).toEqual(['list']);
  expect(await names(memberOf(odin, 'valhalla', 'notices:write'))).toHaveLength(2);
  expect(await names(createTestClient(odin, { principal: testPrincipal() }))).toEqual([]);
  await expect(memberOf(odin, 'valhalla').callTool('post', { text: 'x' })).rejects.toThrow();
});

test('a change from another process reaches a held subscription', async () => {
  const proxy = createTestProxy();
  const notices = createMemoryNotices();
  const url = 'http://localhost:7999/mcp';
  const freya = testPrincipal({ username: 'freya', organizations: [{ alias: 'valhalla' }] });
  const verifier = { peek: () => freya, verify: async () => freya };
  const auth = { issuer: 'https://issuer.test', verifier };
  const odin = createServer({ notices, url, auth, hermod: proxy.hermod });
  const params = { notifications: { resourceSubscriptions: ['notices://valhalla'] } };
  const headers = { host: 'localhost:7999', authorization: 'Bearer freya' };
  const subscription = await proxy.request(odin, 'subscriptions/listen', params, { headers });
  expect(subscription.kind).toBe('held');
  const notify = createNotifier({ publisher: proxy.hermod.publisher, server: url });
  await postFromOutside({ organization: 'valhalla', text: 'Ship sighted' }, { notices, notify });
  expect(subscription.messages().at(-1)).toMatchObject({
    method: 'notifications/resources/updated',
    params: { uri: 'notices://valhalla' },
  });
  expect(await notices.list('valhalla')).toMatchObject([{ text: 'Ship sighted' }]);
});
