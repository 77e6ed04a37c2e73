/** What passes of the JSON object that a POST or PUT brings. Everything else is dropped, and the rest is encoded anew. */
export interface GatewayBodyRule {
  /** Members that pass. */
  readonly members: readonly string[];
  /** The values that a member may have. Of a list the others are dropped; a single one that is not here, or a list of which nothing is left, is refused. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly maxBytes: number;
}

export type RuledBody = { readonly ok: true; readonly body: string } | { readonly ok: false; readonly problem: string };

/** Applies a rule to the text of a body. */
export function applyBodyRule({ members, values }: GatewayBodyRule, text: string): RuledBody {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    // Not JSON, said below.
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { ok: false, problem: 'The body must be a JSON object.' };
  }
  const kept: Record<string, unknown> = Object.fromEntries(
    Object.entries(given).filter(([name]) => members.includes(name)),
  );
  for (const [name, allowed] of Object.entries(values)) {
    const value = kept[name];
    if (value === undefined) continue;
    const some = (Array.isArray(value) ? value : [value]).filter((one) => allowed.some((text) => text === one));
    if (some.length === 0) return { ok: false, problem: `${name} has no value that may be registered here.` };
    kept[name] = Array.isArray(value) ? some : value;
  }
  return { ok: true, body: JSON.stringify(kept) };
}

/** The error of RFC 7591 section 3.2.2. */
export function formatBodyProblem(problem: string): string {
  return JSON.stringify({ error: 'invalid_client_metadata', error_description: problem });
}
