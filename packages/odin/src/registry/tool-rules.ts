import { OdinError } from '../errors.ts';

/** What an operator says about calls of a tool, beside what the tool itself asks of its callers. */
export interface ToolRule {
  /** Refuses every call and leaves the tool out of lists. @default false */
  readonly deny?: boolean;
  /** Calls of one caller in a minute of the clock, all tools of the rule together. @default as many as come */
  readonly perMinute?: number;
}

/** A rule with the tools that it is for. */
export interface NamedToolRule extends ToolRule {
  /** Name of a tool; or its beginning, with `*` at the end. */
  readonly tool: string;
}

const PATTERN = /^(?:[A-Za-z0-9_./-]{1,128}\*?|\*)$/;

/**
 * The rules of an operator, by the name that a call's body says: a gateway sees headers only, and not of every client. As in a gateway, case
 * does not count, so that no spelling passes one of the two.
 */
export class ToolRules {
  readonly #exact = new Map<string, NamedToolRule>();
  /** Longest beginning first. */
  readonly #beginnings: NamedToolRule[] = [];

  /** @throws OdinError `bad_option`, naming the rule */
  constructor(rules: Readonly<Record<string, ToolRule>> = {}) {
    for (const [tool, rule] of Object.entries(rules)) {
      assertToolRule(tool, rule);
      const named = { ...rule, tool: tool.toLowerCase() };
      if (tool.endsWith('*')) this.#beginnings.push(named);
      else if (this.#exact.has(named.tool)) refuse(tool, 'is there twice, in another case');
      else this.#exact.set(named.tool, named);
    }
    this.#beginnings.sort((one, other) => other.tool.length - one.tool.length);
  }

  /** Every rule for a tool: one that denies counts whatever the others say. */
  for(tool: string): readonly NamedToolRule[] {
    if (this.#exact.size + this.#beginnings.length === 0) return NONE;
    const name = tool.toLowerCase();
    const exact = this.#exact.get(name);
    const beginnings = this.#beginnings.filter(({ tool: pattern }) => name.startsWith(pattern.slice(0, -1)));
    return exact ? [exact, ...beginnings] : beginnings;
  }

  isDenied(tool: string): boolean {
    return this.for(tool).some(({ deny }) => deny);
  }
}

/** Fields that nobody knows are refused: a typing error must not become a call that is let through. */
function assertToolRule(tool: string, rule: unknown): void {
  if (!PATTERN.test(tool)) refuse(tool, 'is not the name of a tool, or the beginning of one with * at its end');
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule))
    return refuse(tool, 'must be an object such as { "deny": true }');
  const { deny, perMinute, ...unknown } = rule as Record<string, unknown>;
  const [name] = Object.keys(unknown);
  if (name !== undefined) refuse(tool, `has ${JSON.stringify(name)}, which is neither deny nor perMinute`);
  if (deny !== undefined && typeof deny !== 'boolean') refuse(tool, 'has a deny that is neither true nor false');
  if (perMinute !== undefined && !(Number.isInteger(perMinute) && (perMinute as number) > 0))
    refuse(tool, 'has a perMinute that is not a whole number above 0');
}

function refuse(tool: string, why: string): never {
  throw new OdinError('bad_option', `toolRules: ${JSON.stringify(tool)} ${why}.`);
}

const NONE: readonly NamedToolRule[] = [];
