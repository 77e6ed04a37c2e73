import type { Answer } from '../protocol/answer.ts';
import type { Middleware } from '../protocol/middleware.ts';

/** Who did what, with what outcome. Holds no arguments and no results. */
export interface AuditEntry {
  /** ISO 8601. */
  readonly time: string;
  readonly method: string;
  readonly target?: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly clientId?: string;
  readonly outcome: 'ok' | 'tool_error' | 'input_required' | 'error' | 'denied' | 'subscribed' | 'failed';
  readonly errorCode?: number;
  readonly durationMs: number;
}

export interface AuditOptions {
  /** Takes one entry; must not throw. */
  readonly write: (entry: AuditEntry) => void;
  /** Methods that are not written. @default lists, discovery and ping */
  readonly except?: readonly string[];
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

const QUIET = [
  'server/discover',
  'initialize',
  'ping',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
];

/** Writes one entry per exchange, whatever its outcome. */
export function audit({ write, except = QUIET, now = Date.now }: AuditOptions): Middleware {
  return async ({ method, params, principal }, next) => {
    if (except.includes(method)) return next();
    const startedAt = now();
    const target = params.name ?? params.uri;
    const record = (outcome: Pick<AuditEntry, 'outcome' | 'errorCode'>): void =>
      write({
        time: new Date(startedAt).toISOString(),
        method,
        ...(typeof target === 'string' && { target }),
        ...(principal && { issuer: principal.issuer, subject: principal.subject }),
        ...(principal?.clientId !== undefined && { clientId: principal.clientId }),
        ...outcome,
        durationMs: now() - startedAt,
      });
    try {
      const answer = await next();
      record(outcomeOf(answer));
      return answer;
    } catch (thrown) {
      record({ outcome: 'failed' });
      throw thrown;
    }
  };
}

function outcomeOf(answer: Answer): Pick<AuditEntry, 'outcome' | 'errorCode'> {
  switch (answer.kind) {
    case 'prepared':
      return { outcome: 'ok' };
    case 'delegated':
      return { outcome: 'subscribed' };
    case 'denied':
      return { outcome: 'denied' };
    case 'error':
      return { outcome: 'error', errorCode: answer.error.code };
    case 'result':
      if (answer.result.resultType === 'input_required') return { outcome: 'input_required' };
      return { outcome: answer.result.isError === true ? 'tool_error' : 'ok' };
  }
}
