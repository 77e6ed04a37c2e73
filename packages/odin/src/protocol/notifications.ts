import type { RequestId } from './answer.ts';
import type { Topic } from './exchange.ts';
import type { JsonObject } from './json.ts';
import { META } from './vocabulary.ts';

/** A notification as JSON text. */
export function formatNotification(method: string, params: JsonObject): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params });
}

/** The first message of a subscription: which topics it will deliver (MCP 2026-07-28, basic/subscriptions). */
export function formatAcknowledgement(id: RequestId, notifications: JsonObject): string {
  return formatNotification('notifications/subscriptions/acknowledged', {
    notifications,
    _meta: { [META.subscriptionId]: id },
  });
}

/**
 * A change notification in two halves; between them belongs the JSON text of the subscription's id. One such
 * message serves every subscriber, whoever puts the id in.
 */
export function changeNotification(topic: Topic): { readonly head: string; readonly tail: string } {
  const { method, params } = describe(topic);
  const before = JSON.stringify(params).slice(0, -1);
  return {
    head: `{"jsonrpc":"2.0","method":"${method}","params":${before}${before === '{' ? '' : ','}"_meta":{"${META.subscriptionId}":`,
    tail: '}}}',
  };
}

/** A change notification without a subscription's id, as eras before 2026-07-28 have it. */
export function formatChange(topic: Topic): string {
  const { method, params } = describe(topic);
  return formatNotification(method, params);
}

/** One string per topic, to index and to compare by. */
export function topicKey(topic: Topic): string {
  const tenant = topic.tenant === undefined ? '' : `${topic.tenant} `;
  return topic.kind === 'resource' ? `${tenant}resource ${topic.uri}` : `${tenant}${topic.kind}`;
}

function describe(topic: Topic): { method: string; params: JsonObject } {
  switch (topic.kind) {
    case 'tools':
      return { method: 'notifications/tools/list_changed', params: {} };
    case 'prompts':
      return { method: 'notifications/prompts/list_changed', params: {} };
    case 'resources':
      return { method: 'notifications/resources/list_changed', params: {} };
    case 'resource':
      return { method: 'notifications/resources/updated', params: { uri: topic.uri } };
  }
}
