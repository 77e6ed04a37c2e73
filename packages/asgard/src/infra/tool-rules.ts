import { AsgardError } from '../errors.ts';

/** What the gateway does with calls of one tool, or of all tools whose names begin alike. */
export interface ToolRule {
  /** Name of a tool; or its beginning, with `*` at the end. */
  readonly tool: string;
  /** Answers calls with 403. */
  readonly deny: boolean;
  /** Calls of one user a minute; more are answered with 429. */
  readonly perMinute: number | undefined;
  /** With `edge: bifrost`: always goes through the proxy that holds streams. */
  readonly hold: boolean;
}

export interface ToolRuleInput {
  readonly deny?: boolean | undefined;
  readonly perMinute?: number | undefined;
  readonly hold?: boolean | undefined;
}

const NAME = /^[A-Za-z0-9_./-]{1,128}\*?$/;

/**
 * Reads the rules and refuses those that a gateway could not tell apart: two rules that fit one tool would be decided by chance.
 *
 * @throws AsgardError `bad_settings`
 */
export function parseToolRules(input: Readonly<Record<string, ToolRuleInput>>): readonly ToolRule[] {
  const rules = Object.entries(input).map(([tool, rule]) => parseToolRule(tool, rule));
  for (const [at, rule] of rules.entries()) {
    const other = rules.slice(at + 1).find((candidate) => overlaps(rule.tool, candidate.tool));
    if (other !== undefined) {
      throw new AsgardError(
        'bad_settings',
        `infra.tools: "${rule.tool}" and "${other.tool}" fit the same tools, so the gateway could not tell which counts. Make one of them narrower.`,
      );
    }
  }
  return rules;
}

/** What the server is told of the rules, as ASGARD_TOOL_RULES; undefined when there is nothing to tell. It decides by the body of a call. */
export function formatToolRules(rules: readonly ToolRule[]): string | undefined {
  const told = rules
    .filter(({ deny, perMinute }) => deny || perMinute !== undefined)
    .map(({ tool, deny, perMinute }) => [tool, deny ? { deny } : { perMinute }]);
  return told.length === 0 ? undefined : JSON.stringify(Object.fromEntries(told));
}

/** Whether a rule is for this tool. */
export function fitsTool(pattern: string, tool: string): boolean {
  return pattern.endsWith('*') ? tool.startsWith(pattern.slice(0, -1)) : tool === pattern;
}

/** The value of a Kong header rule: the name itself, or a case-insensitive regular expression. */
export function formatHeaderMatch(pattern: string): string {
  if (!pattern.endsWith('*')) return pattern;
  return `~*^${pattern.slice(0, -1).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}`;
}

function parseToolRule(tool: string, { deny = false, perMinute, hold = false }: ToolRuleInput): ToolRule {
  if (!NAME.test(tool) || tool === '*') {
    throw new AsgardError(
      'bad_settings',
      `infra.tools: "${tool}" is not the name of a tool, or the beginning of one with * at its end.`,
    );
  }
  if (deny && (hold || perMinute !== undefined)) {
    throw new AsgardError('bad_settings', `infra.tools: "${tool}" is denied, so nothing else can be said about it.`);
  }
  if (!deny && !hold && perMinute === undefined) {
    throw new AsgardError('bad_settings', `infra.tools: "${tool}" says nothing. Give it deny, perMinute or hold.`);
  }
  return { tool, deny, perMinute, hold };
}

/** Case does not count: Kong compares the values of header rules without it. */
function overlaps(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  const [stemA, stemB] = [a.replace(/\*$/, ''), b.replace(/\*$/, '')];
  if (a.endsWith('*') && b.endsWith('*')) return stemA.startsWith(stemB) || stemB.startsWith(stemA);
  return a.endsWith('*') ? fitsTool(a, b) : b.endsWith('*') ? fitsTool(b, a) : a === b;
}
