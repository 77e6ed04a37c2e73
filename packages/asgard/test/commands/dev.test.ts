import { expect, test } from 'vitest';
import { parseDevFile } from '../../src/dev/dev-file.ts';
import { run } from '../../src/program.ts';
import { createMemoryIo, RUNNING } from '../memory-io.ts';

const disk = { '/desk/src/main.ts': 'main();' };

test('starts the session of the project, shows it, and ends with Ctrl-C: 130', async () => {
  let file: string | undefined;
  let environment: string | undefined;
  const io = createMemoryIo({
    disk,
    cwd: '/desk/src',
    onSession: (self, emit) => {
      emit({ kind: 'listening', durationMs: 400, restart: false });
      setImmediate(() => {
        file = self.disk.get('/desk/.asgard/dev.json');
        environment = self.disk.get('/desk/.asgard/dev.env');
        emit({
          kind: 'exchange',
          exchange: {
            method: 'tools/call',
            target: 'stock',
            status: 200,
            durationMs: 3.21,
            reply: 'json',
            username: 'freya',
          },
        });
        self.interrupt();
      });
    },
  });
  expect(await run(['dev', '--port', '8001'], io)).toBe(130);
  expect(io.sessions).toMatchObject([{ directory: '/desk', entry: 'src/main.ts', port: 8001, closed: true }]);
  expect(io.printed.out).toContain('http://localhost:7999/mcp');
  expect(io.printed.out).toContain('claude mcp add --transport http forge http://localhost:7999/mcp');
  expect(io.printed.out).toMatch(/03:04:05 {2}tools\/call stock +200 {2}json +3\.2 ms {2}freya\n$/);
  expect(parseDevFile(file ?? '')).toMatchObject({ pid: 42, serverUrl: 'http://127.0.0.1:5000/mcp' });
  expect(environment).toBe('ASGARD_URL="http://localhost:7999/mcp"\nGRIP_URL="tcp://127.0.0.1:5562?verify-key=k"\n');
  expect(io.disk.has('/desk/.asgard/dev.json')).toBe(false);
  expect(io.disk.has('/desk/.asgard/dev.env')).toBe(false);
  expect(io.disk.get('/desk/.asgard/.gitignore')).toBe('*\n');
});

test('gives the session the settings of asgard.json, and refuses wrong ones', async () => {
  const config = { infra: { edge: 'bifrost', tools: { admin: { deny: true } } } };
  const io = createMemoryIo({
    disk: { ...disk, '/desk/asgard.json': JSON.stringify(config) },
    onSession: (self) => setImmediate(self.interrupt),
  });
  expect(await run(['dev'], io)).toBe(130);
  expect(io.sessions[0]?.settings).toMatchObject({ edge: 'bifrost', tools: [{ tool: 'admin', deny: true }] });
  const wrong = createMemoryIo({ disk: { ...disk, '/desk/asgard.json': '{"infra":{"egde":1}}' } });
  expect(await run(['dev'], wrong)).toBe(2);
  expect(wrong.printed.err).toContain('egde');
  expect(wrong.sessions).toEqual([]);
});

test('passes on what the server prints, and says when it ends', async () => {
  const io = createMemoryIo({
    disk,
    onSession: (self, emit) => {
      emit({ kind: 'output', stream: 'stdout', text: 'hello\n' });
      emit({ kind: 'output', stream: 'stderr', text: 'TypeError: x\n    at forge (src/workshop.ts:3:5)\n' });
      emit({ kind: 'crashed', exitCode: 1 });
      setImmediate(self.interrupt);
    },
  });
  await run(['dev'], io);
  expect(io.printed.out).toContain('hello\n');
  expect(io.printed.err).toContain('src/workshop.ts:3:5');
  expect(io.printed.out).toContain('The server ended (exit code 1). It starts again when a file changes.');
});

test('opens the console page beside the session, and closes it', async () => {
  let file: string | undefined;
  const io = createMemoryIo({
    disk,
    onSession: (self, emit) => {
      emit({ kind: 'listening', durationMs: 400, restart: false });
      setImmediate(() => {
        file = self.disk.get('/desk/.asgard/dev.json');
        self.interrupt();
      });
    },
  });
  await run(['dev'], io);
  const [page] = io.consoles;
  expect(page).toMatchObject({ name: 'forge', version: '0.1.0', port: 8999, closed: true });
  // What happened before the page was there is not lost.
  expect(page?.feed.state).toMatchObject({ server: 'running', entries: [{ type: 'server', durationMs: 400 }] });
  expect(io.printed.out).toContain('Console       http://127.0.0.1:8999/');
  expect(parseDevFile(file ?? '')?.consoleUrl).toBe('http://127.0.0.1:8999/');
  expect(await page?.signIn({ username: 'thor', password: 'goats', organization: 'aesir' })).toBe('token-of-thor');
});

test('--no-console leaves it out', async () => {
  const io = createMemoryIo({ disk, onSession: (self) => setImmediate(self.interrupt) });
  await run(['dev', '--no-console'], io);
  expect(io.consoles).toEqual([]);
  expect(io.sessions[0]?.onTraffic).toBeUndefined();
  expect(io.printed.out).not.toContain('Console');
});

test('--json prints one object a line', async () => {
  const io = createMemoryIo({
    disk,
    onSession: (self, emit) =>
      setImmediate(() => {
        emit({ kind: 'listening', durationMs: 1, restart: false });
        self.interrupt();
      }),
  });
  await run(['dev', '--json'], io);
  const lines = io.printed.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => line.kind)).toEqual(['started', 'listening']);
  expect(lines[0]).toMatchObject({ mcpUrl: 'http://localhost:7999/mcp', serverUrl: 'http://127.0.0.1:5000/mcp' });
  expect(lines[0].consoleUrl).toBe('http://127.0.0.1:8999/');
});

test.each([
  [
    'no entry',
    {},
    [],
    2,
    'There is no src/main.ts in /desk. Name the file that starts the server: npx asgard dev FILE',
  ],
  ['a missing entry', { disk }, ['src/other.ts'], 2, 'There is no src/other.ts in /desk.'],
  ['no project', { cwd: '/elsewhere' }, [], 2, 'There is no package.json in /elsewhere or above.'],
  [
    'a second one',
    { disk: { ...disk, ...RUNNING }, processes: [77] },
    [],
    1,
    'asgard dev already runs here at http://localhost:7999/mcp (process 77)',
  ],
])('%s is refused', async (_, options, args, exitCode, message) => {
  const io = createMemoryIo(options);
  expect(await run(['dev', ...args], io)).toBe(exitCode);
  expect(io.printed.err).toContain(message);
  expect(io.sessions).toEqual([]);
});
