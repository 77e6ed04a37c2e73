import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../architecture/workspace.ts';
import { findFreePorts } from '../real/ports.ts';

/** The command as npm would deliver it: packed, unpacked, run as a process. */
const home = mkdtempSync(join(tmpdir(), 'asgard-cli-'));
const bin = join(home, 'package/bin/asgard.js');
let work: string;

beforeAll(async () => {
  const run = promisify(execFile);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', home], {
    cwd: join(root, 'packages/asgard'),
  });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  await run('tar', ['-xzf', join(home, packed?.filename ?? ''), '-C', home]);
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'), 'dir');
  mkdirSync(join(home, 'empty'));
}, 60_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));
beforeEach((context) => {
  work = join(home, context.task.id);
  mkdirSync(work);
  writeFileSync(join(work, 'package.json'), '{"name":"shop","type":"module"}');
});

/** No engine, no browser and nobody at the terminal: stdin is closed and the PATH is empty. */
function asgard(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [bin, ...args], {
    cwd: work,
    env: { PATH: join(home, 'empty'), HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: 20_000,
  });
}

describe('help', () => {
  test('loads nothing but commander', async () => {
    const { metafile } = await build({
      entryPoints: [join(home, 'package/dist/bin.js')],
      ...{ bundle: true, splitting: true, write: false, metafile: true, format: 'esm' },
      ...{ platform: 'node', packages: 'external', logLevel: 'silent', outdir: 'out' },
    });
    const loaded = new Set<string>();
    const visit = (output: string): void => {
      for (const { path, kind, external } of metafile.outputs[output]?.imports ?? []) {
        if (kind === 'dynamic-import' || loaded.has(path)) continue;
        loaded.add(path);
        if (external !== true) visit(path);
      }
    };
    visit('out/bin.js');
    const outside = [...loaded].filter((path) => !path.startsWith('out/') && !isBuiltin(path));
    expect(outside).toEqual(['commander']);
  });
});

describe('with a closed stdin', () => {
  test.each([
    [[], 0],
    [['--version'], 0],
    [['completion', 'bash'], 0],
    [['infra'], 2],
    [['infra', 'upp'], 2],
    [['call'], 1],
    [['call', 'x', '--user'], 2],
    [['token', '--scope', 'a b'], 2],
    [['infra', 'up'], 3],
    [['infra', 'status'], 1],
    [['token'], 1],
    [['call', 'x', '--url', 'http://127.0.0.1:1/mcp'], 1],
  ] as const)('%j ends with %i, and never with a stack trace', (args, code) => {
    const { status, stdout, stderr } = asgard(...args);
    expect({ status, stderr }).toMatchObject({ status: code });
    expect(stdout + stderr).not.toMatch(/^ {4}at .*:\d+:\d+/m);
    if (code === 0) expect(stderr).toBe('');
    else expect(stdout).toBe('');
  });

  test('doctor finds nothing wrong that is not there', async () => {
    const [port, inspector, inspectorProxy, grafana, publish, store] = await findFreePorts(6);
    const infra = { port, ports: { inspector, inspectorProxy, grafana, publish, store } };
    writeFileSync(join(work, 'asgard.json'), JSON.stringify({ infra }));
    const { status, stdout, stderr } = asgard('doctor');
    expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });
    expect(stdout).not.toMatch(/^ {4}at .*:\d+:\d+/m);
  });

  test('without an engine: what to install, and what needs none; nothing is written', () => {
    const { stderr } = asgard('infra', 'up');
    expect(stderr).toContain('docker is not installed. Install it: https://');
    expect(stderr).toContain('podman is not installed. Install it: https://');
    expect(stderr).toMatch(/Without containers: asgard dev\n$/);
    expect(readdirSync(work)).toEqual(['package.json']);
  });

  test.each([
    [['infra', 'up', '--json'], 'engine_missing'],
    [['infra', 'up', '--profil', '--json'], 'usage'],
    [['call', 'x', '--json'], 'not_running'],
    [['infra', 'logs', '--json'], 'not_up'],
  ] as const)('%j says why on stdout, as JSON', (args, code) => {
    expect(JSON.parse(asgard(...args).stdout)).toMatchObject({ ok: false, error: { code } });
  });

  test('files of the stack can be looked at before anything is started', () => {
    const { status, stdout } = asgard('infra', 'config', '--json', '--server', 'host');
    expect(status).toBe(0);
    const { files } = JSON.parse(stdout) as { files: { path: string }[] };
    expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['compose.yaml', 'bifrost/kong.yml']));
  });
});

/** `script` gives the process a terminal on all three streams and passes its exit code on. */
test('on a terminal Ctrl-C ends asgard dev: 130, no stack trace', async () => {
  mkdirSync(join(work, 'src'));
  writeFileSync(join(work, 'src/main.ts'), 'setInterval(() => undefined, 1000);\n');
  const child = spawn('script', ['-qec', `${process.execPath} ${bin} dev --port 0`, '/dev/null'], {
    cwd: work,
    env: { PATH: process.env.PATH, HOME: home, TERM: 'xterm' },
    timeout: 20_000,
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('/mcp')) resolve();
    });
    child.once('exit', () => reject(new Error(`It ended: ${output}`)));
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.write('\x03');
  expect(await ended).toBe(130);
  expect(output).not.toMatch(/ {4}at .*:\d+:\d+/);
});
