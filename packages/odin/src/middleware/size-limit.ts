import { RpcError } from '../errors.ts';
import { wholeNumber } from '../option-rules.ts';
import type { Answer } from '../protocol/answer.ts';
import type { Middleware } from '../protocol/middleware.ts';
import { RPC } from '../protocol/vocabulary.ts';

export interface SizeLimitOptions {
  /** Characters of JSON in the arguments of one call. @default no limit but the body's */
  readonly maxArguments?: number;
  /** Characters of JSON in one result. @default no limit */
  readonly maxResult?: number;
}

/** Refuses arguments that are too large before anything runs, and results that are too large before they are sent. @throws OdinError `bad_option` */
export function sizeLimit({ maxArguments, maxResult }: SizeLimitOptions): Middleware {
  if (maxArguments !== undefined) wholeNumber('sizeLimit, option maxArguments', maxArguments);
  if (maxResult !== undefined) wholeNumber('sizeLimit, option maxResult', maxResult);
  return async ({ params, method }, next) => {
    if (maxArguments !== undefined && sizeOf(params.arguments) > maxArguments) {
      throw new RpcError(RPC.invalidParams, `The arguments are larger than ${maxArguments} characters of JSON`);
    }
    const answer = await next();
    if (maxResult !== undefined && sizeOfAnswer(answer) > maxResult) {
      throw new RpcError(
        RPC.refused,
        `The result of ${method} is larger than ${maxResult} characters of JSON. Ask for less of it.`,
      );
    }
    return answer;
  };
}

function sizeOfAnswer(answer: Answer): number {
  if (answer.kind === 'prepared') return answer.json.length;
  return answer.kind === 'result' ? sizeOf(answer.result) : 0;
}

function sizeOf(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length;
}
