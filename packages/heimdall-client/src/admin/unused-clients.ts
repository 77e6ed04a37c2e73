import { HeimdallError } from '../errors.ts';
import { objectOf } from '../issuer/json-request.ts';
import { type JsonObject, stringsOf } from '../json.ts';
import { wholeNumber } from '../option-rules.ts';
import { type AdminRequest, arrayOf, textOf } from './request.ts';

/** Which clients count as unused. */
export interface UnusedClientOptions {
  /** Days without any event of the client; the realm must keep its events that long. @default 30 */
  readonly idleDays?: number;
}

interface Candidate {
  readonly id: string;
  readonly clientId: string;
}

const dayMs = 86_400_000;

/** So that the answer stays below what is read of one. */
const pageSize = 50;

/** The events that show that somebody uses a client. Others, such as refreshed tokens, need a session, and that is looked at besides. */
const telling = ['CLIENT_REGISTER', 'LOGIN', 'CODE_TO_TOKEN'];

/** What Keycloak calls clients that register themselves. */
const given = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Removes clients that have registered themselves and that nobody uses: without a session, an offline session, or an event of the last days. All
 * candidates are found first, so that the pages do not move while clients go.
 *
 * @returns the client ids of those that are gone
 * @throws HeimdallError `bad_option`, `admin_refused` when the realm does not keep the events that would show the use of a client
 */
export async function removeUnused(
  { send, page }: AdminRequest,
  now: () => number,
  options: UnusedClientOptions = {},
): Promise<readonly string[]> {
  const idleDays = wholeNumber('idleDays', options.idleDays, { fallback: 30, min: 1, max: 3650 });
  requireEvents(objectOf(await send(['events', 'config'])), idleDays);

  const candidates: Candidate[] = [];
  for (let first: number | undefined = 0; first !== undefined; ) {
    const { items, next } = await page(['clients'], { first, max: pageSize });
    candidates.push(...items.filter(hasRegisteredItself).map((item) => candidateOf(item)));
    first = next;
  }
  const inSession = new Set(arrayOf(await send(['client-session-stats'])).map((entry) => entry.clientId));

  const dateFrom = String(now() - idleDays * dayMs);
  const removed: string[] = [];
  for (const { id, clientId } of candidates) {
    if (inSession.has(clientId)) continue;
    const recent = arrayOf(await send(['events'], { query: { client: clientId, dateFrom, max: '1' } }));
    if (recent.length > 0) continue;
    await send(['clients', id], { method: 'DELETE' });
    removed.push(clientId);
  }
  return removed;
}

/** Without its events every client would look unused, those that have just registered too. */
function requireEvents(config: JsonObject, idleDays: number): void {
  const { eventsEnabled, eventsExpiration, enabledEventTypes } = config;
  const types = stringsOf(enabledEventTypes);
  const isTelling = types.length === 0 || telling.every((type) => types.includes(type));
  const seconds =
    typeof eventsExpiration === 'number' && eventsExpiration > 0 ? eventsExpiration : Number.POSITIVE_INFINITY;
  if (eventsEnabled === true && isTelling && seconds >= (idleDays * dayMs) / 1000) return;
  throw new HeimdallError(
    'admin_refused',
    `The realm does not keep the events ${telling.join(', ')} for ${idleDays} days, so the use of clients cannot be told. Save them, or lower "idleDays".`,
  );
}

function hasRegisteredItself({ clientId, consentRequired, protocol }: JsonObject): boolean {
  return (
    consentRequired === true && protocol === 'openid-connect' && typeof clientId === 'string' && given.test(clientId)
  );
}

function candidateOf(client: JsonObject): Candidate {
  return { id: textOf(client, 'id'), clientId: textOf(client, 'clientId') };
}
