import type { DevUser } from './stack.ts';

/** Where a running `asgard dev` can be found: `.asgard/dev.json` in the project, readable by its owner only. */
export interface DevFile {
  readonly pid: number;
  readonly url: string;
  readonly mcpUrl: string;
  readonly issuer: string;
  /** The server itself, without anything in front of it. */
  readonly serverUrl: string;
  /** Where to publish: the server's `GRIP_URL`. Absent when nothing holds streams. */
  readonly gripUrl?: string;
  /** The page that shows what goes on. Absent with `--no-console`. */
  readonly consoleUrl?: string;
  readonly users: readonly DevUser[];
}

export const DEV_FILE = '.asgard/dev.json';

/** The server's variables for other processes of the project: `node --env-file=.asgard/dev.env worker.js`. */
export const DEV_ENV_FILE = '.asgard/dev.env';

const PASSED_ON = ['ASGARD_URL', 'ASGARD_ISSUER', 'GRIP_URL', 'ASGARD_SECRETS'];

/** Without what belongs to the server's own process: where it listens and how the proxy reaches it. */
export function formatDevEnvironment(environment: Readonly<Record<string, string>>): string {
  return PASSED_ON.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [`${name}="${value}"\n`];
  }).join('');
}

export function formatDevFile(file: DevFile): string {
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/** Undefined when the text is not such a file, for example half of one. */
export function parseDevFile(text: string): DevFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, url, mcpUrl, issuer, serverUrl, gripUrl, consoleUrl, users } = value as Record<string, unknown>;
  const texts = [url, mcpUrl, issuer, serverUrl];
  if (typeof pid !== 'number' || !texts.every((text) => typeof text === 'string') || !Array.isArray(users))
    return undefined;
  for (const optional of [gripUrl, consoleUrl]) {
    if (optional !== undefined && typeof optional !== 'string') return undefined;
  }
  return value as DevFile;
}
