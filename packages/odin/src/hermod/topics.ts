import { escapeVarSubst, type PublishItem, varSlot } from '@asgard/grip';
import { formatEvent } from '../http/sse.ts';
import type { Topic } from '../protocol/exchange.ts';
import type { JsonObject } from '../protocol/json.ts';
import { changeNotification } from '../protocol/notifications.ts';
import { META } from '../protocol/vocabulary.ts';

/** The name under which each held subscription keeps the JSON text of its own id. */
export const SUBSCRIPTION_SLOT = 'sub';

/**
 * The shared channels of one server. Every replica, and every process that only publishes, derives the same names
 * from the same server identity; one publish on such a channel reaches all subscribers, each with its own id put in.
 */
export interface TopicChannels {
  channelOf(topic: Topic): Promise<string>;
  /** Every held subscription listens here, for the end of the server. */
  readonly drain: string;
}

/** @param server what identifies the server: its public URL, or its name when it has none */
export async function createTopicChannels(server: string): Promise<TopicChannels> {
  const prefix = `odin-${(await digest(server)).slice(0, 16)}`;
  return {
    drain: `${prefix}.drain`,
    channelOf: async (topic) =>
      [prefix, ...(topic.tenant === undefined ? [] : [await digest(topic.tenant)]), ...(await subjectOf(topic))].join(
        '.',
      ),
  };
}

/** One item that tells all subscribers of a channel about a change. */
export function changeItem(channel: string, topic: Topic): PublishItem {
  const { head, tail } = changeNotification(topic);
  return sharedItem(channel, [head, tail]);
}

export function closeItem(channel: string): PublishItem {
  return { channel, format: { kind: 'http-stream', action: 'close' } };
}

/** One item that ends every subscription with its result (MCP 2026-07-28, basic/subscriptions, graceful closure). */
export function farewellItem(channel: string, identity: JsonObject): PublishItem {
  const after = JSON.stringify({ [META.serverInfo]: identity }).slice(1);
  return sharedItem(channel, [
    '{"jsonrpc":"2.0","id":',
    `,"result":{"resultType":"complete","_meta":{"${META.subscriptionId}":`,
    `,${after}}}`,
  ]);
}

/** Joins the parts with the subscriber's id, and makes every other `%` literal. */
function sharedItem(channel: string, parts: readonly string[]): PublishItem {
  const json = parts.map(escapeVarSubst).join(varSlot(SUBSCRIPTION_SLOT));
  return { channel, format: { kind: 'http-stream', content: formatEvent(json) } };
}

async function subjectOf(topic: Topic): Promise<readonly string[]> {
  return topic.kind === 'resource' ? ['resource', await digest(topic.uri)] : [topic.kind];
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
