import { posix } from 'node:path';
import type { Files, Io, Question } from '../src/io.ts';

export interface MemoryIo extends Io {
  /** Path to text; folders are entries with the value undefined. */
  readonly disk: Map<string, string | undefined>;
  readonly printed: { out: string; err: string };
  readonly executed: string[];
  readonly asked: Question[];
  interrupt(): void;
}

export interface MemoryOptions {
  readonly tty?: boolean;
  readonly env?: Record<string, string>;
  readonly nodeVersion?: string;
  /** @default '/desk' */
  readonly cwd?: string;
  readonly disk?: Record<string, string | undefined>;
  readonly answers?: Record<string, string | boolean>;
  /** Exit code for a command line; 0 for the rest. */
  readonly exitCodes?: Record<string, number>;
  /** Called before each write. */
  readonly onWrite?: (path: string, io: MemoryIo) => void;
}

const TEMPLATES: Record<string, string> = {
  '/pkg/templates/decorators/package.json': JSON.stringify({
    name: '@asgard-template/decorators',
    version: '0.1.0',
    description: 'A class.',
  }),
  '/pkg/templates/decorators/README.md': '# @asgard-template/decorators\n',
  '/pkg/templates/decorators/AGENTS.md': 'map\n',
  '/pkg/templates/decorators/_gitignore': 'node_modules/\n',
  '/pkg/templates/decorators/src/main.ts': 'main();\n',
  '/pkg/templates/minimal/package.json': JSON.stringify({
    name: '@asgard-template/minimal',
    version: '0.1.0',
    description: 'One file.',
  }),
};

/** A world in memory. */
export function createMemoryIo(options: MemoryOptions = {}): MemoryIo {
  const disk = new Map<string, string | undefined>();
  const interrupted = new AbortController();
  const append = (stream: 'out' | 'err', text: string): void => {
    io.printed[stream] += text;
  };
  const io: MemoryIo = {
    disk,
    printed: { out: '', err: '' },
    executed: [],
    asked: [],
    interrupt: () => interrupted.abort(),
    stdin: { isTTY: options.tty ?? false },
    stdout: { isTTY: options.tty ?? false, write: (text) => append('out', text) },
    stderr: { isTTY: options.tty ?? false, write: (text) => append('err', text) },
    env: options.env ?? {},
    cwd: options.cwd ?? '/desk',
    nodeVersion: options.nodeVersion ?? '20.19.0',
    version: '0.1.0',
    templatesDirectory: '/pkg/templates',
    files: memoryFiles(disk, (path) => options.onWrite?.(path, io)),
    interrupted: interrupted.signal,
    randomId: () => 'draft',
    execute: async (command, args, { cwd }) => {
      const line = [command, ...args].join(' ');
      io.executed.push(`${cwd}$ ${line}`);
      return options.exitCodes?.[line] ?? 0;
    },
    ask: async (questions) => {
      io.asked.push(...questions);
      return options.answers ?? {};
    },
  };
  const add = (path: string, content: string | undefined): void => {
    for (let folder = posix.dirname(path); folder !== '/'; folder = posix.dirname(folder)) disk.set(folder, undefined);
    disk.set(path, content);
  };
  add(io.cwd, undefined);
  for (const [path, content] of Object.entries({ ...TEMPLATES, ...options.disk })) add(path, content);
  return io;
}

function memoryFiles(disk: MemoryIo['disk'], onWrite: (path: string) => void): Files {
  const under = (path: string): string[] =>
    [...disk.keys()].filter((key) => key === path || key.startsWith(`${path}/`));
  return {
    kind: async (path) => (disk.has(path) ? (disk.get(path) === undefined ? 'folder' : 'file') : undefined),
    list: async (folder) =>
      [...disk.keys()]
        .filter((key) => posix.dirname(key) === folder)
        .map((key) => posix.basename(key))
        .sort(),
    read: async (path) => new TextEncoder().encode(disk.get(path)),
    write: async (path, content) => {
      onWrite(path);
      disk.set(path, new TextDecoder().decode(content));
    },
    makeFolder: async (path) => {
      let topmost: string | undefined;
      for (let folder = path; folder !== '/' && !disk.has(folder); folder = posix.dirname(folder)) {
        disk.set(folder, undefined);
        topmost = folder;
      }
      return topmost;
    },
    move: async (from, to) => {
      for (const key of under(from)) {
        disk.set(to + key.slice(from.length), disk.get(key));
        disk.delete(key);
      }
    },
    remove: async (path) => {
      for (const key of under(path)) disk.delete(key);
    },
  };
}

/** What stands in the working folder. */
export function listDesk(io: MemoryIo): string[] {
  return [...io.disk.keys()].filter((key) => key.startsWith('/desk/')).sort();
}
