import { expect, test } from 'vitest';
import { callTool, type Message } from './messages.ts';
import { type Target, TREASURE } from './target.ts';
import type { Seen } from './wire.ts';

type OAuthError = 'invalid_token' | 'insufficient_scope' | 'invalid_request' | 'invalid_dpop_proof';

/** How an attack must end. */
export interface Outcome {
  readonly status: number;
  /** The `error` of the challenge; `bare`: a challenge without one; absent: no challenge at all. */
  readonly challenge?: OAuthError | 'bare';
}

/** One attack: what is sent, and how it must end. */
export interface Attack {
  readonly name: string;
  readonly outcome: Outcome;
  run(target: Target): Promise<Seen>;
}

export const REFUSED: Outcome = { status: 401, challenge: 'invalid_token' };
export const FORBIDDEN: Outcome = { status: 403 };

/** An attack by its token, on a call that a good token would be let into. */
export function byToken(
  name: string,
  make: (target: Target) => string | Promise<string>,
  outcome: Outcome = REFUSED,
): Attack {
  return { name, outcome, run: async (target) => callWith(target, `Bearer ${await make(target)}`) };
}

/** An attack by other headers than the token's. */
export function byHeaders(
  name: string,
  make: (target: Target) => Record<string, string> | Promise<Record<string, string>>,
  outcome: Outcome,
): Attack {
  const run = async (target: Target): Promise<Seen> => {
    const { headers, body } = callTool('treasure');
    return target.send({ headers: { ...headers, ...(await make(target)) }, body });
  };
  return { name, outcome, run };
}

export function callWith(target: Target, authorization: string, call: Message = callTool('treasure')): Promise<Seen> {
  return target.send({ headers: { ...call.headers, authorization }, body: call.body });
}

/** Runs attacks one by one. Each must end as it says, with no handler run, no data seen and no address of a token asked. */
export function testAttacks(target: () => Target, attacks: readonly Attack[]): void {
  test.each(attacks.map((attack) => [attack.name, attack] as const))('%s', async (_name, attack) => {
    const { ran, issuer } = target();
    const before = ran.length;
    const seen = await attack.run(target());
    expect(seen.status, seen.body).toBe(attack.outcome.status);
    expectChallenge(seen, attack.outcome.challenge);
    expectNothingLeaked(seen);
    expect(ran.slice(before)).toEqual([]);
    expect(issuer.baited()).toBe(0);
  });
}

export function expectChallenge({ challenge }: Seen, expected: Outcome['challenge']): void {
  if (expected === undefined) return expect(challenge).toBeUndefined();
  expect(challenge).toMatch(/^Bearer /);
  expect(challenge).toContain('resource_metadata="http://');
  const error = /error="([^"]*)"/.exec(challenge ?? '')?.[1];
  expect(error).toBe(expected === 'bare' ? undefined : expected);
}

/** Neither what is guarded, nor who is known here, nor how the server is made. */
export function expectNothingLeaked({ body, headers }: Seen): void {
  const all = `${body}${JSON.stringify(headers)}`;
  for (const secret of [TREASURE, 'freya', 'sid-freya', 'node_modules', 'eyJ']) expect(all).not.toContain(secret);
}
