import { type Answer, type Denial, handlerError, invalidParams, resultAnswer } from '../answer.ts';
import { capabilitiesOf } from '../capabilities.ts';
import { finishResult } from '../eras.ts';
import type { Exchange, Topic } from '../exchange.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { changeNotification, formatAcknowledgement, topicKey } from '../notifications.ts';
import type { ServerParts } from '../server-parts.ts';
import { META, RPC } from '../vocabulary.ts';

/** More resource URIs than this in one request are refused, so that one client cannot fill the memory. */
const MAX_RESOURCE_SUBSCRIPTIONS = 1_000;

/**
 * `subscriptions/listen` (MCP 2026-07-28, basic/subscriptions): acknowledged first, then one notification per change,
 * each with the id of this request, until the client closes the stream or the server goes.
 */
export async function listen(exchange: Exchange, parts: ServerParts): Promise<Answer> {
  const requested = parseFilter(exchange.params.notifications);
  if (typeof requested === 'string') return invalidParams(`Invalid params: ${requested}`);
  const denial = denialOf(requested.resourceSubscriptions, exchange, parts);
  if (denial) return { kind: 'denied', denial };
  const honored = honor(requested, capabilitiesOf(parts.catalog, 'modern'));
  const topics = topicsOf(honored, exchange.tenant?.host);
  const acknowledgement = formatAcknowledgement(exchange.id, honored);
  if (topics.length === 0) {
    await exchange.sink.send(acknowledgement);
    return ended(exchange, parts);
  }
  if (await exchange.sink.delegate?.({ topics, acknowledgement })) return { kind: 'delegated' };
  if (parts.bus.full) return handlerError(RPC.internalError, 'Subscription limit reached');
  await deliver(exchange, parts, { topics, acknowledgement });
  return ended(exchange, parts);
}

/** Writes changes as fast as the reader takes them. Changes of one topic that wait are one change: memory is bounded by the topics. */
async function deliver(
  exchange: Exchange,
  parts: ServerParts,
  stream: { topics: readonly Topic[]; acknowledgement: string },
): Promise<void> {
  const pending = new Map<string, Topic>();
  let wake: (() => void) | undefined;
  let closed = false;
  const nudge = (): void => wake?.();
  const unsubscribe = parts.bus.subscribe(stream.topics, {
    changed: (topic) => {
      pending.set(topicKey(topic), topic);
      nudge();
    },
    closed: () => {
      closed = true;
      nudge();
    },
  });
  exchange.cancellation.signal.addEventListener('abort', nudge, { once: true });
  try {
    await exchange.sink.send(stream.acknowledgement);
    while (!exchange.cancellation.cancelled) {
      for (const [key, topic] of pending) {
        pending.delete(key);
        await exchange.sink.send(stampedChange(topic, exchange));
      }
      if (closed) return;
      if (pending.size === 0 && !exchange.cancellation.cancelled) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    unsubscribe();
  }
}

/** A change of a resource is told only to those who may read it. */
function denialOf(uris: readonly string[], { principal }: Exchange, { catalog }: ServerParts): Denial | undefined {
  const denials = uris.flatMap(
    (uri) => catalog.access.denial(catalog.findResource(uri)?.definition ?? {}, principal) ?? [],
  );
  const [first] = denials;
  return first && { ...first, scopes: [...new Set(denials.flatMap(({ scopes }) => scopes))] };
}

function stampedChange(topic: Topic, exchange: Exchange): string {
  const { head, tail } = changeNotification(topic);
  return `${head}${JSON.stringify(exchange.id)}${tail}`;
}

function ended(exchange: Exchange, parts: ServerParts): Answer {
  return resultAnswer(finishResult(exchange.era, { _meta: { [META.subscriptionId]: exchange.id } }, parts.identity));
}

interface Filter {
  readonly toolsListChanged: boolean;
  readonly promptsListChanged: boolean;
  readonly resourcesListChanged: boolean;
  readonly resourceSubscriptions: readonly string[];
}

function parseFilter(value: unknown): Filter | string {
  if (!isJsonObject(value)) return "'notifications' is required and must be a valid SubscriptionFilter";
  const { toolsListChanged, promptsListChanged, resourcesListChanged, resourceSubscriptions = [] } = value;
  for (const flag of [toolsListChanged, promptsListChanged, resourcesListChanged]) {
    if (flag !== undefined && typeof flag !== 'boolean') return "the flags in 'notifications' must be booleans";
  }
  if (!isStrings(resourceSubscriptions)) return "'resourceSubscriptions' must be an array of URIs";
  if (resourceSubscriptions.length > MAX_RESOURCE_SUBSCRIPTIONS) {
    return `at most ${MAX_RESOURCE_SUBSCRIPTIONS} 'resourceSubscriptions' in one request`;
  }
  return {
    toolsListChanged: toolsListChanged === true,
    promptsListChanged: promptsListChanged === true,
    resourcesListChanged: resourcesListChanged === true,
    resourceSubscriptions: [...new Set(resourceSubscriptions)],
  };
}

/** Only what the server can deliver; the acknowledgement says which. */
function honor(filter: Filter, capabilities: JsonObject): JsonObject {
  return {
    ...(filter.toolsListChanged && capabilities.tools && { toolsListChanged: true }),
    ...(filter.promptsListChanged && capabilities.prompts && { promptsListChanged: true }),
    ...(filter.resourcesListChanged && capabilities.resources && { resourcesListChanged: true }),
    ...(filter.resourceSubscriptions.length > 0 &&
      capabilities.resources && { resourceSubscriptions: filter.resourceSubscriptions }),
  };
}

function topicsOf(honored: JsonObject, tenant: string | undefined): Topic[] {
  const uris = isStrings(honored.resourceSubscriptions) ? honored.resourceSubscriptions : [];
  const topics: Topic[] = [
    ...(honored.toolsListChanged ? [{ kind: 'tools' } as const] : []),
    ...(honored.promptsListChanged ? [{ kind: 'prompts' } as const] : []),
    ...(honored.resourcesListChanged ? [{ kind: 'resources' } as const] : []),
    ...uris.map((uri) => ({ kind: 'resource', uri }) as const),
  ];
  return tenant === undefined ? topics : topics.map((topic) => ({ ...topic, tenant }));
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
