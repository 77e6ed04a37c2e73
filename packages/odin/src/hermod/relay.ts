import type { HttpHeaders, HttpRequest } from '../http/message.ts';
import type { Acquaintances } from './acquaintances.ts';
import type { Whereabouts } from './whereabouts.ts';

/** Longer than a replica may be blocked; the proxy waits as long. */
const ANSWER_MS = 15_000;
/** Says that a replica asks, so that a wrong address cannot send a question round in circles. */
const MARK = 'odin-relayed';
/** What of the owner's answer the proxy has to see, besides `Grip-*`. */
const PASSED = new Set(['content-type', 'cache-control', 'retry-after']);

interface OwnersAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: string;
}

/** The owner's own answer; that the owner is over; or nothing, and the proxy should ask again. */
export type OwnersWord = OwnersAnswer | 'over' | undefined;

export interface RelayOptions {
  readonly acquaintances: Pick<Acquaintances, 'urlOf'>;
  readonly whereabouts: Pick<Whereabouts, 'of'>;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/**
 * Passes the proxy's question about a stream on to the replica that has it, without the store as long as that one answers. The owner checks
 * signature and lease itself, as if it had been asked directly. Never rejects.
 */
export async function askOwner(owner: string, request: HttpRequest, options: RelayOptions): Promise<OwnersWord> {
  const { acquaintances, whereabouts, fetch = globalThis.fetch } = options;
  if (request.header(MARK) !== undefined) return undefined;
  const known = acquaintances.urlOf(owner);
  const answer = known === undefined ? undefined : await ask(known, request, fetch);
  if (answer) return answer;
  // A store that cannot be reached does not say that a stream is over.
  const found = await whereabouts.of(owner).catch(() => undefined);
  if (found === undefined || found === 'over' || found.url === known) return found === 'over' ? found : undefined;
  return ask(found.url, request, fetch);
}

/** undefined when nobody answers there, or somebody else does. */
async function ask(
  url: string,
  request: HttpRequest,
  fetch: NonNullable<RelayOptions['fetch']>,
): Promise<OwnersAnswer | undefined> {
  const headers = { [MARK]: '1', ...proofOf(request) };
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(`${url}${request.path}`, { headers, redirect: 'error', signal });
    const body = await response.text();
    return response.status === 200 ? { status: 200, headers: passedOn(response.headers), body } : undefined;
  } catch {
    return undefined;
  }
}

function proofOf(request: HttpRequest): HttpHeaders {
  return { 'grip-sig': request.header('grip-sig') ?? '', 'grip-last': request.header('grip-last') ?? '' };
}

function passedOn(headers: Headers): HttpHeaders {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith('grip-') || PASSED.has(name)));
}
