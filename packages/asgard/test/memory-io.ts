import type { PublishOptions } from '../src/client/change.ts';
import type { CallOptions, ConnectOptions, ToolResult, ToolSummary } from '../src/client/connection.ts';
import type { StartConsole } from '../src/console/console.ts';
import { DEV_FILE, formatDevFile } from '../src/dev/dev-file.ts';
import type { DevEvent } from '../src/dev/event.ts';
import type { DevSessionOptions } from '../src/dev/session.ts';
import { AsgardError } from '../src/errors.ts';
import type { InfraEffects } from '../src/infra/effects.ts';
import type { Io, SignInOptions } from '../src/io.ts';

export interface MemoryIo extends Io {
  readonly disk: Map<string, string>;
  readonly printed: { out: string; err: string };
  readonly signIns: SignInOptions[];
  readonly connections: ConnectOptions[];
  readonly calls: { name: string; args: unknown; timeoutMs: number }[];
  readonly sessions: (Omit<DevSessionOptions, 'startStack'> & { closed: boolean })[];
  readonly consoles: (Parameters<StartConsole>[0] & { closed: boolean })[];
  readonly browserSignIns: string[];
  readonly published: PublishOptions[];
  readonly executed: string[];
  interrupt(): void;
}

export interface MemoryOptions {
  readonly disk?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly nodeVersion?: string;
  readonly cwd?: string;
  readonly processes?: readonly number[];
  /** Whether servers refuse calls without a token. @default false */
  readonly needsToken?: boolean;
  /** Of every program that is run. @default 0 */
  readonly exitCode?: number;
  readonly signIn?: (options: SignInOptions) => Promise<string>;
  readonly infra?: (io: MemoryIo) => InfraEffects;
  readonly tools?: readonly ToolSummary[];
  readonly callTool?: (name: string, options: CallOptions) => Promise<ToolResult>;
  /** Called when a session was asked for, before its banner. */
  readonly onSession?: (io: MemoryIo, emit: (event: DevEvent) => void) => void;
}

export const USERS = [
  { username: 'freya', password: 'cats', organization: 'vanir' },
  { username: 'thor', password: 'goats', organization: 'aesir' },
];

export const STACK = {
  url: 'http://localhost:7999',
  mcpUrl: 'http://localhost:7999/mcp',
  issuer: 'http://localhost:7999/heimdall/realms/asgard',
  environment: { GRIP_URL: 'tcp://127.0.0.1:5562?verify-key=k', ASGARD_URL: 'http://localhost:7999/mcp', PORT: '5000' },
  users: USERS,
  close: async () => {},
};

/** The files of a project in which `asgard dev` runs as process 77. */
export const RUNNING: Record<string, string> = {
  [`/desk/${DEV_FILE}`]: formatDevFile({
    ...STACK,
    pid: 77,
    serverUrl: 'http://127.0.0.1:5000/mcp',
    gripUrl: STACK.environment.GRIP_URL,
  }),
};

export function createMemoryIo(options: MemoryOptions = {}): MemoryIo {
  const interrupted = new AbortController();
  const disk = new Map(Object.entries({ '/desk/package.json': '{"name":"@acme/forge"}', ...options.disk }));
  const print = (stream: 'out' | 'err') => ({
    isTTY: false,
    write: (text: string): void => {
      io.printed[stream] += text;
    },
  });
  const io: MemoryIo = {
    disk,
    printed: { out: '', err: '' },
    signIns: [],
    connections: [],
    calls: [],
    sessions: [],
    consoles: [],
    browserSignIns: [],
    published: [],
    executed: [],
    interrupt: () => interrupted.abort(),
    stdout: print('out'),
    stderr: print('err'),
    env: options.env ?? {},
    cwd: options.cwd ?? '/desk',
    pid: 42,
    nodeVersion: options.nodeVersion ?? '20.19.0',
    version: '0.1.0',
    interrupted: interrupted.signal,
    files: {
      read: async (path) => disk.get(path),
      write: async (path, content) => void disk.set(path, content),
      writePrivate: async (path, content) => void disk.set(path, content),
      remove: async (path) => void disk.delete(path),
    },
    now: () => new Date(2026, 0, 2, 3, 4, 5),
    processExists: (pid) => options.processes?.includes(pid) ?? false,
    startDevSession: async (session) => {
      const record = { ...session, closed: false };
      io.sessions.push(record);
      options.onSession?.(io, session.onEvent);
      return {
        stack: STACK,
        serverUrl: 'http://127.0.0.1:5000/mcp',
        measure: async () => 0,
        close: async () => {
          record.closed = true;
        },
      };
    },
    startConsole: async (console) => {
      const record = { ...console, closed: false };
      io.consoles.push(record);
      return {
        url: `http://127.0.0.1:${console.port}/`,
        close: async () => {
          record.closed = true;
        },
      };
    },
    connect: async (connection) => {
      io.connections.push(connection);
      if (connection.token === undefined && options.needsToken === true) {
        throw new AsgardError('token_missing', 'It asks for a token.');
      }
      return {
        listTools: async () => options.tools ?? [],
        callTool: async (name, call) => {
          io.calls.push({ name, args: call.args, timeoutMs: call.timeoutMs });
          return (await options.callTool?.(name, call)) ?? { content: [{ type: 'text', text: 'done' }] };
        },
        close: async () => {},
      };
    },
    signIn: async (signIn) => {
      io.signIns.push(signIn);
      return (await options.signIn?.(signIn)) ?? `token-of-${signIn.username}`;
    },
    signInByBrowser: async (url, scopes) => {
      io.browserSignIns.push([url, ...scopes].join(' '));
      return `browser-token`;
    },
    publishChange: async (publication) => void io.published.push(publication),
    execute: async (command, args) => {
      io.executed.push([command, ...args].join(' '));
      return options.exitCode ?? 0;
    },
    loadInfra: async () => {
      if (options.infra === undefined) throw new Error('this test has no infra effects');
      return options.infra(io);
    },
  };
  return io;
}
