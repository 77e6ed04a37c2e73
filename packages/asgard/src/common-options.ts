import type { OptionNode } from './command-node.ts';
import { AsgardError } from './errors.ts';

export const JSON_FLAG: OptionNode = { flags: '--json', description: 'print one JSON object' };

/** A port number, from `least` on. */
export function parsePort(least: 0 | 1): (text: string) => number {
  return (text) => {
    const port = Number(text);
    if (/^\d+$/.test(text) && port >= least && port <= 65_535) return port;
    const free = least === 0 ? '; 0 takes any free one' : '';
    throw new AsgardError('usage', `--port ${text} is not a port number (${least} to 65535${free}).`);
  };
}

/** The `--timeout` of a command. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= 86_400) return seconds;
  throw new AsgardError('usage', `--timeout ${text} is not a number of seconds (above 0, up to 86400).`);
}

/** An address that is called. `localhost:7999/mcp` is a URL too, of the scheme `localhost:`, but not one of these. */
export function parseUrl(text: string): string {
  if (URL.canParse(text) && /^https?:\/\//i.test(text)) return text;
  throw new AsgardError('usage', `--url ${text} is not a URL such as https://mcp.example.com/mcp.`);
}
