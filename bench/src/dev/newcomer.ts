import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { startRegistry } from '../../../tests/e2e/registry.ts';
import { execute, type Finished, start } from '../../../tests/e2e/shell.ts';
import { packAll } from '../../../tests/packaging/packed.ts';

export interface Newcomer {
  /** `npm create asgard`, with the install. */
  readonly createMs: readonly number[];
  /** From there on until a held call of a signed-in user is answered. */
  readonly calledMs: readonly number[];
  /** Both. */
  readonly allMs: readonly number[];
  /** The files alone, by `npx`. */
  readonly filesMs: readonly number[];
}

type Env = Readonly<Record<string, string | undefined>>;

/** From nothing to the first held call, as somebody types it, with packed packages and an npm cache that knows their dependencies. */
export async function measureNewcomer(rounds: number): Promise<Newcomer> {
  const home = mkdtempSync(join(tmpdir(), 'asgard-bench-newcomer-'));
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', cwd: tmpdir() }).trim();
  const { packed, remove } = packAll();
  const registry = await startRegistry(packed, upstream);
  const env = environment({ npm_config_registry: registry.url, npm_config_cache: join(home, '.npm') });
  try {
    const createMs: number[] = [];
    const calledMs: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const startedAt = performance.now();
      succeed(
        await execute('npm', ['create', 'asgard', '--yes', '--', `app-${round}`, '--yes', '--no-git'], {
          cwd: home,
          env,
          limitMs: 240_000,
        }),
      );
      const madeAt = performance.now();
      await callHeld(join(home, `app-${round}`), env);
      if (round === 0) continue; // The cache is cold.
      createMs.push(madeAt - startedAt);
      calledMs.push(performance.now() - madeAt);
    }
    const filesMs = await measureScaffolder('create-asgard', ['--yes', '--no-install', '--no-git'], { rounds, env });
    return {
      createMs,
      calledMs,
      allMs: createMs.map((made, round) => made + (calledMs[round] ?? Number.NaN)),
      filesMs,
    };
  } finally {
    await registry.close();
    remove();
    rmSync(home, { recursive: true, force: true });
  }
}

/** How long a scaffolder takes for its files alone, each once before for npm's cache. */
export async function measureScaffolder(
  name: string,
  args: readonly string[],
  { rounds, env = environment({}) }: { readonly rounds: number; readonly env?: Env },
): Promise<number[]> {
  const home = mkdtempSync(join(tmpdir(), 'asgard-bench-scaffold-'));
  const took: number[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      const startedAt = performance.now();
      const command = ['--yes', name, `app-${round}`, ...args];
      succeed(await execute('npx', command, { cwd: home, env, limitMs: 120_000 }));
      if (round > 0) took.push(performance.now() - startedAt);
    }
    return took;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function callHeld(project: string, env: Env): Promise<void> {
  const bin = join(project, 'node_modules/.bin/asgard');
  const dev = start(bin, ['dev', '--json', '--port', '0'], { cwd: project, env });
  try {
    await dev.line((line) => line.includes('"kind":"listening"'));
    succeed(await execute(bin, ['call', 'forge', 'item=axe', 'stepMs=20'], { cwd: project, env }));
    await dev.line((line) => line.includes('"target":"forge"') && line.includes('"reply":"held"'));
  } finally {
    dev.process.kill('SIGTERM');
    await dev.finished;
  }
}

function environment(more: Env): Env {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_') && name !== 'NODE_OPTIONS');
  return {
    ...Object.fromEntries(own),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_loglevel: 'error',
    ...more,
  };
}

function succeed({ exitCode, stderr }: Finished): void {
  if (exitCode !== 0) throw new Error(`ended with ${exitCode}: ${stderr}`);
}
