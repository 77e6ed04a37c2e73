import type { DecodedRequest } from '../http/decoded-request.ts';
import { JSON_HEADERS } from '../http/refusal.ts';
import { SESSION_HEADER, type SessionArrival } from '../http/session-lane.ts';
import { statusOf } from '../http/status.ts';
import { formatResponse } from '../protocol/answer.ts';
import { Cancellation } from '../protocol/cancellation.ts';
import { dispatch } from '../protocol/dispatcher.ts';
import type { Lane } from './lane.ts';
import { ownerOf, type Session } from './session.ts';

/** `initialize`: answered with the id of a new session. Nothing is stored; the id is the record. */
export async function beginSession(lane: Lane, decoded: DecodedRequest, arrival: SessionArrival): Promise<void> {
  const { principal, responder, headersOf } = arrival;
  const session: Session = {
    sid: globalThis.crypto.randomUUID().replaceAll('-', ''),
    version: decoded.protocolVersion,
    client: decoded.client,
    owner: await ownerOf(principal),
    expiresAt: lane.now() + lane.options.ttlMs,
  };
  const sink = { send: (): void => {} };
  const exchange = lane.exchange(
    decoded,
    { session, record: {} },
    { principal, cancellation: new Cancellation(), sink },
  );
  const answer = await dispatch(exchange, lane.parts);
  if (answer.kind === 'delegated') return;
  const agreed = answer.kind === 'result' ? answer.result.protocolVersion : undefined;
  const status = statusOf(answer, 'legacy');
  const headers = {
    ...JSON_HEADERS,
    ...headersOf(answer),
    ...(typeof agreed === 'string' && { [SESSION_HEADER]: await lane.ids.issue({ ...session, version: agreed }) }),
  };
  responder.send(status, headers, formatResponse(decoded.id, answer));
  arrival.finished(exchange, answer, { kind: 'json', status });
}
