import type { DecodedRequest } from '../http/decoded-request.ts';
import { JSON_HEADERS } from '../http/refusal.ts';
import { SESSION_HEADER, type SessionArrival } from '../http/session-lane.ts';
import { statusOf } from '../http/status.ts';
import { formatResponse } from '../protocol/answer.ts';
import { Cancellation } from '../protocol/cancellation.ts';
import { dispatch } from '../protocol/dispatcher.ts';
import type { ServerParts } from '../protocol/server-parts.ts';
import type { Sessions } from './sessions.ts';

/** `initialize`: answered with the id of a new session. Nothing is stored; the id is the record. */
export async function beginSession(
  { sessions, parts }: { sessions: Sessions; parts: ServerParts },
  decoded: DecodedRequest,
  arrival: SessionArrival,
): Promise<void> {
  const session = await sessions.prepare(decoded, arrival);
  const exchange = sessions.exchange(
    decoded,
    { session, record: {} },
    {
      principal: arrival.principal,
      tenant: arrival.tenant,
      cancellation: new Cancellation(),
      sink: { send: () => {} },
    },
  );
  const answer = await dispatch(exchange, parts);
  if (answer.kind === 'delegated') return;
  const agreed = answer.kind === 'result' ? answer.result.protocolVersion : undefined;
  const status = statusOf(answer, 'legacy');
  const headers = {
    ...JSON_HEADERS,
    ...arrival.headersOf(answer),
    ...(typeof agreed === 'string' && { [SESSION_HEADER]: await sessions.issue({ ...session, version: agreed }) }),
  };
  arrival.responder.send(status, headers, formatResponse(decoded.id, answer));
  arrival.finished(exchange, answer, { kind: 'json', status });
}
