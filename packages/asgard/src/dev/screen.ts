import type { Paint } from '../paint.ts';
import type { DevEvent } from './event.ts';
import type { Exchange } from './exchange.ts';
import { describeRefusal, type Refusal } from './refusals.ts';
import { formatOrganizations, type Stack } from './stack.ts';

export interface BannerFacts {
  readonly version: string;
  /** Name of the project. */
  readonly name: string;
  readonly stack: Pick<Stack, 'mcpUrl' | 'issuer' | 'users'>;
  /** Of the console page. Absent when there is none. */
  readonly consoleUrl?: string | undefined;
  /** The port that was asked for. @default the one that it is */
  readonly wantedPort?: number;
}

/** What a newcomer needs to connect, on one screen. */
export function formatBanner(facts: BannerFacts, paint: Paint): string {
  const { version, name, stack, consoleUrl, wantedPort = 0 } = facts;
  const users = stack.users.map((user) => `${user.username} / ${user.password} (${formatOrganizations(user)})`);
  const rows: [string, string][] = [
    ...(consoleUrl === undefined ? [] : [['Console', paint.green(consoleUrl)] satisfies [string, string]]),
    ['MCP endpoint', paint.green(stack.mcpUrl)],
    ['Issuer', stack.issuer],
    ...users.map((user, index): [string, string] => [index === 0 ? 'Sign in as' : ' ', user]),
    ['', ''],
    ['Claude Code', `claude mcp add --transport http ${name} ${stack.mcpUrl}`],
    ['Inspector', 'npx asgard inspect'],
    ['Terminal', 'npx asgard call          lists the tools'],
    [' ', 'npx asgard call TOOL key=value'],
  ];
  const lines = rows.map(([label, value]) => (label === '' ? '' : `  ${paint.dim(label.padEnd(13))} ${value}`));
  const moved =
    wantedPort === 0 || wantedPort === portOf(stack.mcpUrl)
      ? ''
      : `  ${paint.yellow(`Port ${wantedPort} is taken, so this is on ${portOf(stack.mcpUrl)}.`)}\n\n`;
  return `\n  ${paint.bold(`Asgard ${version}`)}  ${name}\n\n${moved}${lines.join('\n')}\n\n`;
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** When and where a line is shown. */
export interface LinePlace {
  readonly at: Date;
  readonly paint: Paint;
  /** Of the terminal. @default wide enough */
  readonly columns?: number | undefined;
}

/** From here on a line has room for a long name. */
const WIDE = 80;

/** One line for one request: when, what, status, how it was answered, how long it took, for whom. */
export function formatExchange(exchange: Exchange, place: LinePlace): string {
  const { method, target, status, durationMs, reply, username, subject } = exchange;
  const what = target === undefined ? method : `${method} ${target}`;
  const who = username ?? subject;
  return formatLine({ what, status, reply, durationMs, who, remark: describeFailure(exchange) }, place);
}

/** The same for a request that was turned away. */
export function formatRefusal({ method, path, status, durationMs }: Refusal, place: LinePlace): string {
  const remark = describeRefusal(status);
  return formatLine({ what: `${method} ${path}`, status, reply: '', durationMs, who: undefined, remark }, place);
}

interface Line {
  readonly what: string;
  readonly status: number;
  readonly reply: string;
  readonly durationMs: number;
  readonly who: string | undefined;
  readonly remark: string | undefined;
}

function formatLine({ what, status, reply, durationMs, who, remark }: Line, { at, paint, columns }: LinePlace): string {
  const color = status >= 500 ? paint.red : status >= 400 || remark !== undefined ? paint.yellow : paint.green;
  const fields = [
    paint.dim(at.toTimeString().slice(0, 8)),
    what.padEnd(columns !== undefined && columns < WIDE ? 20 : 32),
    color(String(status)),
    reply.padEnd(4),
    `${durationMs.toFixed(durationMs < 10 ? 1 : 0)} ms`.padStart(9),
    who ?? paint.dim('-'),
  ];
  if (remark !== undefined) fields.push(color(remark));
  return `${fields.join('  ')}\n`;
}

/** Why an exchange is not a plain success; undefined when it is. */
export function describeFailure({ status, errorCode, toolError }: Exchange): string | undefined {
  if (status === 499) return 'client left';
  if (errorCode !== undefined) return `error ${errorCode}`;
  return toolError === true ? 'tool error' : undefined;
}

/** Everything else that happens, in words. Undefined when there is nothing to say. */
export function formatDevEvent(event: DevEvent, paint: Paint): string | undefined {
  switch (event.kind) {
    case 'listening': {
      const seconds = `${(event.durationMs / 1000).toFixed(2)} s`;
      return `${paint.dim(event.restart ? `Reloaded in ${seconds}` : `Ready in ${seconds}. A saved change is live at once. Ctrl-C ends it.`)}\n`;
    }
    case 'build-failed':
      return `${paint.red('The code does not build; the last good version stays.')}\n${event.message}\n`;
    case 'crashed':
      return `${paint.red(`The server ended (${event.exitCode === null ? 'killed' : `exit code ${event.exitCode}`}).`)} It starts again when a file changes.\n`;
    case 'silent':
      return `${paint.yellow(`The server runs but does not listen on port ${event.port}.`)} Listen on PORT: await listen(odin).\n`;
    case 'exchange':
    case 'refusal':
    case 'output':
      return undefined;
  }
}
