import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute, type Finished, type Running, start } from '../shell.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const bin = join(root, 'packages/asgard/bin/asgard.js');

/** A project under `asgard dev`, in a folder of its own. */
export interface Project {
  readonly directory: string;
  readonly consoleUrl: string;
  readonly mcpUrl: string;
  readonly issuer: string;
  asgard(...args: string[]): Promise<Finished>;
  /** Ends `asgard dev` and starts it again where it was. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface ProjectOptions {
  /** A folder of `templates`. */
  readonly template: string;
  /** A file of this folder that takes the place of `src/main.ts`. */
  readonly main?: string;
}

export async function startProject({ template, main }: ProjectOptions): Promise<Project> {
  // The name is on the page.
  const home = mkdtempSync(join(tmpdir(), 'asgard-console-'));
  const directory = join(home, 'my-server');
  cpSync(join(root, 'templates', template), directory, {
    recursive: true,
    filter: (path) => !/\/(?:node_modules|dist|\.asgard)$/.test(path),
  });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'my-server', private: true, type: 'module' }));
  mkdirSync(join(directory, 'src'), { recursive: true });
  if (main !== undefined) cpSync(fileURLToPath(new URL(main, import.meta.url)), join(directory, 'src/main.ts'));
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));

  const { NODE_OPTIONS: _, VITEST: __, NODE_ENV: ___, ...env } = process.env;
  const place = { cwd: directory, env };
  let dev = run('0');
  const close = async (): Promise<void> => {
    dev.process.kill('SIGTERM');
    await dev.finished;
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const { consoleUrl, mcpUrl, issuer } = await ready(dev);
    return {
      ...{ directory, consoleUrl, mcpUrl, issuer, close },
      asgard: (...args) => execute(process.execPath, [bin, ...args], place),
      async restart() {
        dev.process.kill('SIGTERM');
        await dev.finished;
        dev = run(new URL(mcpUrl).port);
        await ready(dev);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }

  function run(port: string): Running {
    return start(process.execPath, [bin, 'dev', '--json', '--port', port], { ...place, limitMs: 280_000 });
  }
}

async function ready(dev: Running): Promise<Pick<Project, 'consoleUrl' | 'mcpUrl' | 'issuer'>> {
  const started = await dev.line((line) => line.includes('"kind":"started"'));
  await dev.line((line) => line.includes('"kind":"listening"'));
  return JSON.parse(started);
}
