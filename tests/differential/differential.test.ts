import { describe, expect, it } from 'vitest';
import { type Answer, readAnswer } from './answer.ts';
import { CORPUS } from './corpus.ts';
import { DIFFERENCES, type Difference, outcomeOf } from './differences.ts';
import { createSubject } from './odin.ts';
import { createOracle } from './oracle.ts';
import { type Case, toRequest } from './request.ts';

interface Pair {
  readonly oracle: Answer;
  readonly odin: Answer;
}

const oracle = createOracle();
const odin = createSubject();

async function answersTo(request: Case): Promise<Pair> {
  return {
    oracle: await readAnswer(await oracle(toRequest(request)), request.endless),
    odin: await readAnswer(await odin(toRequest(request)), request.endless),
  };
}

/** Why the two answers are not as the entry says; undefined when they are. */
function contradiction(difference: Difference, pair: Pair): string | undefined {
  if (JSON.stringify(pair.oracle) === JSON.stringify(pair.odin)) return 'no longer differs';
  if ('forgiven' in difference) {
    const [left, right] = [pair.oracle, pair.odin].map((answer) => ({
      ...answer,
      messages: answer.messages.map(difference.forgiven),
    }));
    return JSON.stringify(left) === JSON.stringify(right) ? undefined : 'differs in more than what is forgiven';
  }
  const outcomes = [outcomeOf(pair.oracle), outcomeOf(pair.odin)];
  return outcomes[0] === difference.oracle && outcomes[1] === difference.odin
    ? undefined
    : `differs in another way: ${outcomes.join(' against ')}`;
}

describe('Odin answers as the SDK does', () => {
  it('compares at least 400 requests, each under its own name', () => {
    expect(CORPUS.length).toBeGreaterThanOrEqual(400);
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
  });

  it.each(CORPUS.map((request) => [request.name, request] as const))('%s', async (name, request) => {
    const pair = await answersTo(request);
    const intended = DIFFERENCES.filter(({ cases }) => cases.some((pattern) => pattern.test(name)));
    const [difference] = intended;
    if (!difference) return expect(pair.odin).toEqual(pair.oracle);
    expect(intended).toHaveLength(1);
    expect(
      contradiction(difference, pair),
      `${difference.reason}\n${JSON.stringify(pair, undefined, 2)}`,
    ).toBeUndefined();
  });
});

describe('the list of differences', () => {
  it.each(
    DIFFERENCES.flatMap(({ reason, cases }) => cases.map((pattern) => [String(pattern), reason, pattern] as const)),
  )('%s names a case: %s', (_text, _reason, pattern) => {
    expect(CORPUS.filter(({ name }) => pattern.test(name))).not.toHaveLength(0);
  });
});
