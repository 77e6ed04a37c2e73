import { refuse, sendRefusal } from '../http/refusal.ts';
import type { SessionArrival } from '../http/session-lane.ts';
import { KEEP_ALIVE } from '../http/sse.ts';
import { END, formatEventId, OWN_STREAM, parseCallStream, parseEventId, START } from './event-id.ts';
import { logName } from './event-log.ts';
import { type Outlet, openOutlet } from './outlet.ts';
import type { OwnStreams } from './own-streams.ts';
import { Presence } from './presence.ts';
import type { KnownSession } from './sessions.ts';
import { formatPriming, takesEmptyEvents } from './sse-events.ts';
import type { StreamName, Streams } from './streams.ts';

/** What this process serves streams with. */
export interface Serving {
  readonly streams: Streams;
  readonly own: OwnStreams;
}

/** GET: the session's own stream, or the rest of any of its streams after `Last-Event-ID`. */
export async function serveStream(serving: Serving, known: KnownSession, arrival: SessionArrival): Promise<void> {
  const { request, responder } = arrival;
  const accept = request.header('accept') ?? '*/*';
  if (!/text\/event-stream|text\/\*|\*\/\*/i.test(accept))
    return sendRefusal(refuse(406, 'Not Acceptable: Accept must have text/event-stream'), responder);
  const lastEventId = request.header('last-event-id');
  if (lastEventId === undefined) return serveOwn(serving, known, { arrival, position: undefined });
  const { sid, stream, position } = parseEventId(lastEventId) ?? {};
  if (stream === undefined || position === undefined || sid !== known.session.sid)
    return sendRefusal(refuse(400, 'Bad Request: Last-Event-ID is not of this session'), responder);
  // Tells a client to stop coming back (HTML, server-sent events, "Processing model").
  if (position === END) return responder.send(204, {});
  if (stream === OWN_STREAM) return serveOwn(serving, known, { arrival, position });
  if (!parseCallStream(stream))
    return sendRefusal(refuse(400, 'Bad Request: Last-Event-ID is not of this session'), responder);
  return resumeCall(serving, known, { arrival, stream, position });
}

/** Changes of lists and resources. Whoever comes back gets what it missed, or is told of everything. */
async function serveOwn(
  serving: Serving,
  { session, record }: KnownSession,
  { arrival, position }: { arrival: SessionArrival; position: string | undefined },
): Promise<void> {
  const { own, streams } = serving;
  const { sid, version } = session;
  const wasRecorded = own.has(sid);
  if (!wasRecorded && own.full)
    return sendRefusal(refuse(503, 'Too many streams are open', { 'retry-after': '10' }), arrival.responder);
  const name = { sid, stream: OWN_STREAM };
  const recorder = own.open(sid, record.uris ?? [], arrival.tenant?.host);
  try {
    const after = position === undefined ? await recorder.mark() : position;
    const outlet = await open(serving, arrival, primingOf(serving, { ...name, position: after, version }));
    const pump = streams.pump(name, { outlet, version });
    await streams.takeOver(name);
    const followFrom = async (place: string): Promise<void> => {
      await pump.follow(
        streams.bus,
        { name: logName(sid, OWN_STREAM), after: place === START ? undefined : place },
        () => {
          void recorder
            .mark()
            .then(followFrom)
            .then(() => recorder.noteEverything())
            .catch(() => pump.close());
        },
      );
    };
    await followFrom(after);
    if (position !== undefined && !wasRecorded) recorder.noteEverything();
    void pump.finished.then(() => own.release(sid, recorder));
  } catch (thrown) {
    own.release(sid, recorder);
    throw thrown;
  }
}

/** The rest of a call's stream, wherever the call runs. */
async function resumeCall(
  serving: Serving,
  { session }: KnownSession,
  { arrival, stream, position }: { arrival: SessionArrival; stream: string; position: string },
): Promise<void> {
  const { streams } = serving;
  const { sid, version } = session;
  const name: StreamName = { sid, stream };
  const outlet = await open(serving, arrival, primingOf(serving, { ...name, position, version }));
  const pump = streams.pump(name, { outlet, version });
  await streams.takeOver(name);
  await streams.followCall(pump, name, position === START ? undefined : position);
}

function open(
  serving: Serving,
  { request, responder, principal, onRevoked, hold }: SessionArrival,
  first: string,
): Promise<Outlet> {
  const { keepAliveMs } = serving.streams;
  return openOutlet({ responder, presence: new Presence(request), principal, onRevoked, keepAliveMs, hold, first });
}

function primingOf(
  { streams }: Serving,
  { sid, stream, position, version }: StreamName & { position: string; version: string },
): string {
  if (!takesEmptyEvents(version)) return KEEP_ALIVE;
  return formatPriming(formatEventId({ sid, stream, position }), streams.options.retryMs);
}
