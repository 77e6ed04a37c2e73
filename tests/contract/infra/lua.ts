import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a script of kong.yml finds. */
export interface LuaScenario {
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body as text, and as what Kong reads of it. */
  readonly raw?: string;
  readonly body?: unknown;
  /** Of the answer. */
  readonly status?: number;
  readonly response?: Readonly<Record<string, string>>;
}

/** What it did. An empty table of Lua may come as an object. */
export interface LuaOutcome {
  readonly cleared: readonly string[];
  readonly upstream: Readonly<Record<string, string>>;
  readonly response: Readonly<Record<string, string>>;
  readonly exit?: {
    readonly status: number;
    readonly body: unknown;
    readonly headers: Readonly<Record<string, string>>;
  };
  readonly body?: unknown;
  readonly mimetype?: string;
}

/** Runs a script by LuaJIT, the Lua of Kong. */
export function runLua(script: string, scenario: LuaScenario): LuaOutcome {
  const folder = mkdtempSync(join(tmpdir(), 'asgard-lua-'));
  try {
    const [source, request] = [join(folder, 'script.lua'), join(folder, 'scenario.lua')];
    writeFileSync(source, script);
    writeFileSync(request, `return ${toLua(scenario)}\n`);
    const harness = join(import.meta.dirname, 'kong.lua');
    return JSON.parse(execFileSync('luajit', [harness, source, request], { encoding: 'utf8', timeout: 20_000 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** JSON as a table of Lua. `null` is a value that equals nothing else, as cjson.null is. */
function toLua(value: unknown): string {
  if (value === null) return '(newproxy())';
  if (Array.isArray(value)) return `{ ${value.map(toLua).join(', ')} }`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    return `{ ${entries.map(([name, one]) => `[${toLua(name)}] = ${toLua(one)}`).join(', ')} }`;
  }
  if (typeof value !== 'string') return String(value);
  const bytes = [...Buffer.from(value)].map((byte) => `\\${String(byte).padStart(3, '0')}`);
  return `"${bytes.join('')}"`;
}
