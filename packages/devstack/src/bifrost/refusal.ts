import type { ServerResponse } from 'node:http';
import { formatRawHeaders, type HeaderList } from '../http/header-list.ts';
import type { GatewayAnswer } from './route.ts';

/** Why the gateway answers by itself. */
export type Refusal =
  | 'badTarget'
  | 'noRoute'
  | 'unauthorized'
  | 'unavailable'
  | 'tooLarge'
  | 'tooMany'
  | 'badUpstream'
  | 'timeout';

/** What the gateway says itself, in Kong's words. */
const REFUSALS: Readonly<Record<Refusal, { readonly status: number; readonly message: string }>> = {
  badTarget: { status: 400, message: 'Bad request' },
  noRoute: { status: 404, message: 'no Route matched with those values' },
  unauthorized: { status: 401, message: 'Unauthorized' },
  unavailable: { status: 503, message: 'The issuer of tokens cannot be reached' },
  tooLarge: { status: 413, message: 'Request size limit exceeded' },
  tooMany: { status: 429, message: 'API rate limit exceeded' },
  badUpstream: { status: 502, message: 'An invalid response was received from the upstream server' },
  timeout: { status: 504, message: 'The upstream server is timing out' },
};

/** Answers with `{ message, request_id }`. Does nothing when an answer has begun already. */
export function refuse(response: ServerResponse, refusal: Refusal, requestId: string, headers: HeaderList = []): void {
  if (response.headersSent) return;
  const { status, message } = REFUSALS[refusal];
  const body = JSON.stringify({ message, request_id: requestId });
  response.writeHead(
    status,
    formatRawHeaders([
      ...headers,
      ['content-type', 'application/json; charset=utf-8'],
      ['content-length', String(Buffer.byteLength(body))],
      ['x-request-id', requestId],
    ]),
  );
  response.end(body);
}

/** The answer that a route has instead of a service. */
export function terminate(
  response: ServerResponse,
  { status, contentType, body }: Required<GatewayAnswer>,
  headers: HeaderList,
): void {
  const own: HeaderList = [
    ['content-type', contentType],
    ['content-length', String(Buffer.byteLength(body))],
  ];
  response.writeHead(status, formatRawHeaders([...headers, ...own]));
  response.end(body);
}

/** Which refusal an upstream's failure is. */
export function refusalOf(error: Error & { code?: string }): Refusal {
  if (error.code === 'UND_ERR_CONNECT_TIMEOUT' || error.code === 'ETIMEDOUT') return 'timeout';
  return 'badUpstream';
}
