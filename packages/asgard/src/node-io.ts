import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import type { Files, Io, Output } from './io.ts';

/** The real world. What is heavy is loaded when it is used. Takes over Ctrl-C: a second one ends the process at once. */
export function createNodeIo(): Io {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());
  return {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    pid: process.pid,
    nodeVersion: process.versions.node,
    version: readVersion(),
    interrupted: interrupted.signal,
    files,
    now: () => new Date(),
    processExists,
    startDevSession: async (options) => {
      const [{ startDevSession }, { startStandIns }] = await Promise.all([
        import('./dev/session.ts'),
        import('./dev/dev-stack.ts'),
      ]);
      return startDevSession({ ...options, startStack: startStandIns });
    },
    startConsole: async (options) => {
      const [{ startConsole }, { createLazyClient }] = await Promise.all([
        import('./console/console.ts'),
        import('./console/lazy-client.ts'),
      ]);
      return startConsole({ ...options, createClient: createLazyClient });
    },
    connect: async (options) => {
      const { connect } = await import('./client/connect.ts');
      return connect(options);
    },
    signIn: async ({ issuer, mcpUrl, username, password, scopes = [] }) => {
      const { signIn } = await import('@asgard/devstack');
      const { accessToken } = await signIn({
        ...{ issuer, user: username, password, resource: mcpUrl },
        ...(scopes.length > 0 && { scope: scopes.join(' ') }),
      });
      return accessToken;
    },
    signInByBrowser: async (url, scopes) => {
      const { createBrowserSignIn } = await import('./sign-in/node-sign-in.ts');
      const interactive = process.stderr.isTTY === true && !process.env.CI;
      return createBrowserSignIn({ files, env: process.env, interactive, interrupted: interrupted.signal })(
        url,
        scopes,
      );
    },
    publishChange: async (options) => {
      const { publishChange } = await import('./client/publish-change.ts');
      return publishChange(options);
    },
    execute,
    loadInfra: async () => {
      const { createInfraEffects } = await import('./infra/node-effects.ts');
      return createInfraEffects();
    },
  };
}

function output(stream: NodeJS.WriteStream): Output {
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns as number | undefined;
    },
    write: (text) => void stream.write(text),
  };
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}

const files: Files = {
  read: (path) => readFile(path, 'utf8').catch(() => undefined),
  async write(path, content) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  },
  async writePrivate(path, content) {
    await mkdir(dirname(path), { recursive: true });
    // The mode counts only for a new file, so an old one goes first.
    await rm(path, { force: true });
    await writeFile(path, content, { mode: 0o600 });
  },
  remove: (path) => rm(path, { force: true }),
};

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Nothing but a command's own result may be on stdout, so what the program prints goes to stderr. */
function execute(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['inherit', 2, 2] });
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
