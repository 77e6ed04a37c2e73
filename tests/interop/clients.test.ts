import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Peer, peers, type Session } from './peers.ts';
import { startHeld, startHttp, startStdio, type Target } from './targets.ts';

const targets = [
  { name: 'HTTP', start: startHttp, streams: 'sse', stdio: false },
  { name: 'HTTP behind Hermod', start: startHeld, streams: 'held', stdio: false },
  { name: 'stdio', start: startStdio, streams: undefined, stdio: true },
];

describe.each(targets)('over $name', ({ start, streams, stdio }) => {
  let target: Target;
  beforeAll(async () => {
    target = await start();
  });
  afterAll(() => target?.close());

  describe.each(peers.map((peer) => [peer.name, peer] as [string, Peer]))('%s', (_name, peer) => {
    let session: Session;
    beforeAll(async () => {
      session = await peer.connect(target.endpoint);
    });
    afterAll(() => session?.close());

    test('agrees on the revision and learns who the server is', () => {
      // Over stdio an old client of SDK v1 is not told the revision by its transport.
      if (session.version !== undefined || !stdio) expect(session.version).toBe(peer.version);
      expect(session.server).toMatchObject({ name: 'interop', version: '1.2.3' });
      expect(session.instructions).toBe('Add before you count.');
    });

    test('lists what there is', async () => {
      const tools = await session.listTools();
      expect(tools.map((tool) => tool.name)).toEqual([
        'add',
        'count',
        'sleep',
        'greet',
        'complain',
        'crash',
        'touch',
        'grow',
      ]);
      expect(tools[0]).toMatchObject({
        title: 'Addition',
        description: 'Adds two numbers',
        inputSchema: { type: 'object', required: ['a'] },
        outputSchema: { type: 'object', required: ['sum'] },
        annotations: { readOnlyHint: true },
      });
      expect(await session.listResources()).toEqual(['state://calls']);
      expect(await session.listTemplates()).toEqual(['note://{id}']);
      expect(await session.listPrompts()).toEqual(['explain']);
    });

    test('calls a tool, with defaults and structured content', async () => {
      const result = await session.callTool('add', { a: 2, b: 3 });
      expect(result.structuredContent).toEqual({ sum: 5 });
      expect(JSON.parse(result.content[0]?.text ?? '')).toEqual({ sum: 5 });
      expect((await session.callTool('add', { a: 2 })).structuredContent).toEqual({ sum: 3 });
      if (!stdio) await expect.poll(() => target.answered.at(-1)).toBe('tools/call add json');
    });

    test('hears the progress in order, then the result', async () => {
      const heard: number[] = [];
      const result = await session.callTool('count', { to: 5 }, { onprogress: ({ progress }) => heard.push(progress) });
      expect(heard).toEqual([1, 2, 3, 4, 5]);
      expect(result.content).toEqual([{ type: 'text', text: 'counted to 5' }]);
      if (streams !== undefined) await expect.poll(() => target.answered.at(-1)).toBe(`tools/call count ${streams}`);
    });

    test('reads a resource and gets a prompt', async () => {
      expect(await session.readResource('note://7')).toBe('note 7');
      expect(await session.getPrompt('explain', { topic: 'holds' })).toBe('Explain holds');
    });

    test('sees errors in the right place', async () => {
      expect(await session.callTool('complain')).toMatchObject({
        isError: true,
        content: [{ type: 'text', text: 'The tea is cold' }],
      });
      const crash = await session.callTool('crash');
      expect(crash.isError).toBe(true);
      expect(JSON.stringify(crash)).not.toContain('hunter2');
      if (!stdio) {
        // The log has the text, and both have the reference that joins them.
        const entry = target.logged.at(-1);
        expect(entry).toMatchObject({ target: 'crash', error: new Error('password=hunter2') });
        expect(crash.content[0]?.text).toContain(String(Object(entry).reference));
      }
      const wrong = await session.callTool('add', { a: 'two' });
      expect(wrong.isError).toBe(true);
      expect(wrong.content[0]?.text).toContain('a');
      await expect(session.callTool('nothing')).rejects.toMatchObject({ code: -32602 });
      await expect(session.readResource('other://1')).rejects.toMatchObject({ code: -32602 });
      await expect(session.getPrompt('nothing', {})).rejects.toMatchObject({ code: -32602 });
    });

    test('cancels a call, and the handler is told', async () => {
      const before = JSON.parse(await session.readResource('state://calls'));
      const controller = new AbortController();
      const call = session.callTool('sleep', {}, { signal: controller.signal });
      call.catch(() => {});
      await expect.poll(() => readState(session), { timeout: 5000 }).toMatchObject({ started: before.started + 1 });
      expect(await readState(session)).toMatchObject({ aborted: before.aborted });
      controller.abort();
      await expect(call).rejects.toThrow();
      await expect.poll(() => readState(session), { timeout: 5000 }).toMatchObject({ aborted: before.aborted + 1 });
    });
  });
});

async function readState(session: Session): Promise<{ started: number; aborted: number }> {
  return JSON.parse(await session.readResource('state://calls'));
}
