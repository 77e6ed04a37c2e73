import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { OdinContext } from '../../src/context.ts';
import { toUniformHandler } from '../../src/define/handler.ts';

describe('toUniformHandler', () => {
  const context = {} as OdinContext;
  const given = (...args: unknown[]): unknown[] => args;

  it('gives a handler with a schema its input first', () => {
    expect(toUniformHandler(z.object({}), given)('input', context)).toEqual(['input', context]);
  });

  it('gives one without a schema only the context', () => {
    expect(toUniformHandler(undefined, given)('input', context)).toEqual([context]);
  });
});
