import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { signIn } from '@asgard/devstack';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type Bench, type Row, summarize } from '../bench.ts';
import { measureNewcomer, measureScaffolder } from '../dev/newcomer.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BIN = join(ROOT, 'packages/asgard/dist/bin.js');
const ROUNDS = 5;

/** What a newcomer waits for: a project, its first answer, a saved change. */
export const bench: Bench = async (say) => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const home = mkdtempSync(join(ROOT, '.cache/bench-dev-'));
  try {
    say('create-asgard --yes --no-install, from the built package');
    const created = Array.from({ length: ROUNDS }, (_, round) => measureCreate(round));
    say('asgard dev, from its start to the first signed-in call, and from a save to the new code listening');
    const project = copyTemplate(home);
    const ready: number[] = [];
    const called: number[] = [];
    const reloads: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const figures = await measureDev(project, round);
      ready.push(figures.readyMs);
      called.push(figures.calledMs);
      reloads.push(...figures.reloadMs);
    }
    say('npm create asgard with its install, then asgard dev and a held call; other scaffolders');
    const newcomer = await measureNewcomer(3);
    const others = await measureOthers(say);
    const rows: Row[] = [
      summarize('asgard --help, more than node alone', measureHelp(), { unit: 'ms', limit: 150 }),
      summarize('create', created, { unit: 'ms', limit: 1500 }),
      summarize('create: npx create-asgard', newcomer.filesMs, { unit: 'ms' }),
      ...others,
      summarize('newcomer: create and install', newcomer.createMs, { unit: 'ms' }),
      summarize('newcomer: dev to the first held call', newcomer.calledMs, { unit: 'ms' }),
      summarize('newcomer: all of it', newcomer.allMs, { unit: 'ms', limit: 30_000 }),
      summarize('dev: server listens', ready, { unit: 'ms' }),
      summarize('dev: first signed-in call answered', called, { unit: 'ms', limit: 2000 }),
      summarize('dev: reload, save to listening', reloads, { unit: 'ms', limit: 500 }),
    ];
    return rows;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
};

function measureHelp(): number[] {
  const time = (...args: string[]): number => {
    const started = performance.now();
    execFileSync(process.execPath, args, { stdio: 'ignore' });
    return performance.now() - started;
  };
  return Array.from({ length: 15 }, () => time(BIN, '--help') - time('--eval', '0'));
}

/** Files only, by `npx` with a warm cache, as ours. Those that cannot be had here are left out. */
async function measureOthers(say: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, ...args] of [
    ['create-vite', '--template', 'vanilla-ts', '--no-interactive'],
    ['create-xmcp-app', '--yes', '--skip-install'],
  ] as const) {
    try {
      rows.push(
        summarize(`create: npx ${name}`, await measureScaffolder(name, args, { rounds: 3 }), {
          unit: 'ms',
          comparedWith: 'create: npx create-asgard',
        }),
      );
    } catch (error) {
      say(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return rows;
}

function measureCreate(round: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'asgard-bench-'));
  const started = performance.now();
  execFileSync(
    process.execPath,
    [join(ROOT, 'packages/create-asgard/dist/bin.js'), `app-${round}`, '--yes', '--no-install', '--no-git'],
    { cwd: folder, stdio: 'ignore' },
  );
  const took = performance.now() - started;
  rmSync(folder, { recursive: true, force: true });
  return took;
}

/** Inside the workspace, so that its packages are found without an install. */
function copyTemplate(home: string): string {
  const template = join(ROOT, 'templates/decorators');
  const project = join(home, 'project');
  cpSync(template, project, {
    recursive: true,
    filter: (path) => !/node_modules|dist|\.asgard/.test(path.slice(template.length)),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  return project;
}

interface DevFigures {
  readonly readyMs: number;
  readonly calledMs: number;
  readonly reloadMs: readonly number[];
}

async function measureDev(project: string, round: number): Promise<DevFigures> {
  const started = performance.now();
  const child = spawn(process.execPath, [BIN, 'dev', '--json', '--port', '0'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  try {
    const opened = nextEvent(lines, child, 'started');
    const listening = nextEvent(lines, child, 'listening');
    const { issuer, mcpUrl, users } = (await opened) as unknown as {
      issuer: string;
      mcpUrl: string;
      users: { username: string; password: string }[];
    };
    await listening;
    const readyMs = performance.now() - started;
    const [user] = users;
    if (user === undefined) throw new Error('the stack has no user');
    const { accessToken } = await signIn({ issuer, user: user.username, password: user.password, resource: mcpUrl });
    await call(mcpUrl, accessToken);
    const calledMs = performance.now() - started;
    const reloadMs: number[] = [];
    for (let save = 0; save < 3; save++) {
      const again = nextEvent(lines, child, 'listening');
      const saved = performance.now();
      touch(join(project, 'src/workshop.ts'), `${round}.${save}`);
      await again;
      reloadMs.push(performance.now() - saved);
    }
    return { readyMs, calledMs, reloadMs };
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

async function call(url: string, token: string): Promise<void> {
  const client = new Client(
    { name: 'bench', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider: { token: async () => token } }));
  await client.callTool({ name: 'stock', arguments: { item: 'iron' } });
  await client.close();
}

function touch(file: string, mark: string): void {
  const text = readFileSync(file, 'utf8').replace(/\n\/\/ saved .*\n$/, '\n');
  writeFileSync(file, `${text}\n// saved ${mark}\n`);
}

function nextEvent(lines: Interface, child: ChildProcess, kind: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const look = (line: string): void => {
      const event = JSON.parse(line) as Record<string, unknown>;
      if (event.kind !== kind) return;
      lines.off('line', look);
      resolve(event);
    };
    lines.on('line', look);
    child.once('exit', (code) => reject(new Error(`asgard dev ended with ${code} before it said "${kind}"`)));
  });
}
