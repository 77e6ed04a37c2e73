import type { DevUser } from './stack.ts';

/** Where a running `asgard dev` can be found: `.asgard/dev.json` in the project, readable by its owner only. */
export interface DevFile {
  readonly pid: number;
  readonly url: string;
  readonly mcpUrl: string;
  readonly issuer: string;
  /** The server itself, without anything in front of it. */
  readonly serverUrl: string;
  readonly users: readonly DevUser[];
}

export const DEV_FILE = '.asgard/dev.json';

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
  const { pid, url, mcpUrl, issuer, serverUrl, users } = value as Record<string, unknown>;
  const texts = [url, mcpUrl, issuer, serverUrl];
  if (typeof pid !== 'number' || !texts.every((text) => typeof text === 'string') || !Array.isArray(users))
    return undefined;
  return value as DevFile;
}
