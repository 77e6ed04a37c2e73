import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { execute, type Finished, type Running, start } from './shell.ts';

/** The other templates, as published: created by npm, their own tests, and what their README promises. */
const { home, env } = inject('newcomer');

interface Project {
  readonly folder: string;
  npm(...args: string[]): Promise<Finished>;
  asgard(...args: string[]): Promise<Finished>;
}

function projectIn(name: string): Project {
  const folder = join(home, name);
  return {
    folder,
    npm: (...args) => execute('npm', args, { cwd: folder, env }),
    asgard: (...args) => execute(join(folder, 'node_modules/.bin/asgard'), args, { cwd: folder, env }),
  };
}

/** Creates and installs the project, and lets `asgard dev` serve it. */
function serve(template: string): Project {
  const project = projectIn(`my-${template}`);
  let dev: Running | undefined;
  beforeAll(async () => {
    const args = ['create', 'asgard', '--yes', '--', `my-${template}`, '--template', template, '--yes', '--no-git'];
    const { exitCode, stderr } = await execute('npm', args, {
      cwd: home,
      env: { ...env, npm_config_loglevel: 'warn' },
      limitMs: 240_000,
    });
    expect(stderr).not.toContain('install-scripts');
    expect(exitCode).toBe(0);
    // Not by "npm run": npm does not pass the end on to what it runs.
    const running = start(join(project.folder, 'node_modules/.bin/asgard'), ['dev', '--port', '0', '--json'], {
      cwd: project.folder,
      env,
    });
    dev = running;
    const line = await running.line((text) => /"kind":"(listening|crashed|build-failed)"/.test(text));
    expect(line).toContain('"kind":"listening"');
  });
  afterAll(async () => {
    dev?.process.kill('SIGTERM');
    await dev?.finished;
  });
  test('its own tests and types are green', async () => {
    const tested = await project.npm('test');
    expect(tested.stdout + tested.stderr).toMatch(/Tests .*passed/);
    expect(tested.exitCode).toBe(0);
    expect(await project.npm('run', 'typecheck')).toMatchObject({ exitCode: 0 });
  });
  test('asgard add writes parts whose tests are green, beside all that were', async () => {
    for (const kind of ['tool', 'resource', 'prompt']) {
      const { exitCode, stdout } = await project.asgard('add', kind, 'greet');
      expect(exitCode).toBe(0);
      const files = stdout.trim().split('\n');
      expect(files).toEqual(expect.arrayContaining([`src/${kind}s/greet.ts`, `test/${kind}s/greet.test.ts`]));
      for (const file of files) expect(existsSync(join(project.folder, file)), file).toBe(true);
    }
    expect(await project.npm('test')).toMatchObject({ exitCode: 0 });
    expect(await project.npm('run', 'typecheck')).toMatchObject({ exitCode: 0 });
  });
  return project;
}

describe('minimal', () => {
  const { folder, npm, asgard } = serve('minimal');

  test('rolls dice for anybody', async () => {
    const { exitCode, stdout, stderr } = await asgard('call', 'roll', 'sides=20', 'count=3');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^\d+ \d+ \d+\n$/);
  });

  test('it builds', async () => {
    expect(await npm('run', 'build')).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(folder, 'dist/main.js'))).toBe(true);
  });
});

describe('organizations', () => {
  const { npm, asgard } = serve('organizations');

  test('another process posts, and only its organization reads it', async () => {
    expect(await asgard('call', 'list')).toMatchObject({ exitCode: 0, stdout: '{"notices":[]}\n' });
    expect(await npm('run', '--silent', 'post', '--', 'valhalla', 'Ship sighted')).toMatchObject({ exitCode: 0 });
    const { stdout } = await asgard('call', 'list');
    expect(JSON.parse(stdout)).toMatchObject({ notices: [{ organization: 'valhalla', text: 'Ship sighted' }] });
    expect(await asgard('call', 'list', '--user', 'loki')).toMatchObject({ stdout: '{"notices":[]}\n' });
  });

  test('a tool with a scope says which is missing, and takes the command that it prints', async () => {
    const refused = await asgard('call', 'post', 'text=Feast at dusk');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    const command = /Ask for it: npx asgard (call post .*)\n$/.exec(refused.stderr)?.[1];
    expect(command).toContain('--scope notices:write');
    const asked = await execute('sh', ['-c', `node_modules/.bin/asgard ${command}`], {
      cwd: join(home, 'my-organizations'),
      env,
    });
    // The scope is there now; that this client cannot be asked the tool's question is another matter.
    expect(asked.stderr).not.toContain('403');
    expect(asked.stderr).toContain('elicitation');
  });
});
