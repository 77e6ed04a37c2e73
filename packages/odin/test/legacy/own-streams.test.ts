import { expect, test } from 'vitest';
import { EventReader, LegacyClient, type LegacyEvent } from './client.ts';
import { createLegacyServer } from './server.ts';

function methodsOf(events: readonly (LegacyEvent | undefined)[]): unknown[] {
  return events.flatMap((event) =>
    event?.message?.method ? [event.message.method.replace('notifications/', '')] : [],
  );
}

test('tells of lists that changed, and of resources that the session subscribed to', async () => {
  const { odin } = createLegacyServer();
  const client = await new LegacyClient().connect(odin);
  const { reader, primed } = await client.listen(odin);
  expect(primed).not.toBe('');
  await odin.notify.toolsChanged();
  expect((await reader.message())?.method).toBe('notifications/tools/list_changed');
  await odin.notify.resourceUpdated('note://1');
  expect(await client.ask(odin, 'resources/subscribe', { uri: 'note://1' })).toMatchObject({ result: {} });
  await odin.notify.resourceUpdated('note://2');
  await odin.notify.resourceUpdated('note://1');
  expect(await reader.message()).toMatchObject({
    method: 'notifications/resources/updated',
    params: { uri: 'note://1' },
  });
  await client.ask(odin, 'resources/unsubscribe', { uri: 'note://1' });
  await odin.notify.resourceUpdated('note://1');
  await odin.notify.promptsChanged();
  expect((await reader.message())?.method).toBe('notifications/prompts/list_changed');
  await odin.close();
  expect(await reader.rest()).toEqual([]);
});

test('refuses to subscribe to what there is not, and to more than a session can hold', async () => {
  const { odin } = createLegacyServer();
  const client = await new LegacyClient().connect(odin);
  expect(await client.ask(odin, 'resources/subscribe', { uri: 'other://1' })).toMatchObject({
    error: { code: -32602 },
  });
  expect(await client.ask(odin, 'resources/subscribe', {})).toMatchObject({ error: { code: -32602 } });
  const long = (at: number): string => `note://${String(at)}${'x'.repeat(20_000)}`;
  for (const at of [1, 2, 3])
    expect(await client.ask(odin, 'resources/subscribe', { uri: long(at) })).toMatchObject({ result: {} });
  expect(await client.ask(odin, 'resources/subscribe', { uri: long(4) })).toMatchObject({ error: { code: -32602 } });
});

test('one stream for a session: the newer one ends the older', async () => {
  const { odin } = createLegacyServer();
  const client = await new LegacyClient().connect(odin);
  const first = await client.listen(odin);
  const second = await client.listen(odin);
  expect(await first.reader.rest()).toEqual([]);
  await odin.notify.toolsChanged();
  expect((await second.reader.message())?.method).toBe('notifications/tools/list_changed');
  await odin.close();
});

test('whoever comes back gets what it missed', async () => {
  const { odin } = createLegacyServer();
  const client = await new LegacyClient().connect(odin);
  const { reader } = await client.listen(odin);
  await odin.notify.toolsChanged();
  const heard = await reader.next();
  await reader.leave();
  await odin.notify.promptsChanged();
  await odin.notify.resourcesChanged();
  const again = new EventReader(await client.resume(odin, heard?.id ?? ''));
  expect((await again.next())?.message).toBeUndefined();
  const missed = [await again.next(), await again.next()];
  expect(methodsOf(missed)).toEqual(['prompts/list_changed', 'resources/list_changed']);
  await odin.notify.toolsChanged();
  expect(methodsOf([await again.next()])).toEqual(['tools/list_changed']);
  await odin.close();
});

test('whoever was away for too much is told that everything may have changed', async () => {
  const { odin } = createLegacyServer({ sessions: { maxEvents: 5 } });
  const client = await new LegacyClient().connect(odin);
  await client.ask(odin, 'resources/subscribe', { uri: 'note://1' });
  const { reader, primed } = await client.listen(odin);
  await reader.leave();
  for (let at = 0; at < 50; at += 1) await odin.notify.toolsChanged();
  const again = new EventReader(await client.resume(odin, primed));
  const told = [await again.next(), await again.next(), await again.next(), await again.next()];
  expect(methodsOf(told)).toEqual(['tools/list_changed', 'resources/list_changed', 'resources/updated']);
  await odin.notify.resourceUpdated('note://1');
  expect(methodsOf([await again.next()])).toEqual(['resources/updated']);
  await odin.close();
});

test('changes that a slow reader has not taken yet are one change', async () => {
  const { odin } = createLegacyServer();
  const client = await new LegacyClient().connect(odin);
  const { reader } = await client.listen(odin);
  await client.ask(odin, 'resources/subscribe', { uri: `note://${'x'.repeat(2_000)}` });
  const many = Array.from({ length: 200 }, () => odin.notify.resourceUpdated(`note://${'x'.repeat(2_000)}`));
  await Promise.all([...many, odin.notify.toolsChanged()]);
  const methods: unknown[] = [];
  while (!methods.includes('tools/list_changed')) methods.push(...methodsOf([await reader.next()]));
  expect(methods.length).toBeLessThan(100);
  await odin.close();
});

test('streams are bounded, and need a client that can read them', async () => {
  const { odin } = createLegacyServer({ sessions: { maxStreams: 1 } });
  const first = await new LegacyClient().connect(odin);
  const second = await new LegacyClient().connect(odin);
  const { reader } = await first.listen(odin);
  const refused = await second.get(odin);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('10');
  expect((await first.get(odin, { accept: 'application/json' })).status).toBe(406);
  await first.delete(odin);
  expect(await reader.rest()).toEqual([]);
  expect((await second.get(odin)).status).toBe(200);
  await odin.close();
});
