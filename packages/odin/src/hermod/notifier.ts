import { GripError, type Publisher } from '@asgard/grip';
import type { Topic } from '../protocol/exchange.ts';
import type { Notify } from '../protocol/notify.ts';
import { changeItem, createTopicChannels, type TopicChannels } from './topics.ts';

/** @internal Says a change on the streams of this process (and of its replicas) and, once for everybody, to the proxy. */
export function createNotify(
  bus: { publish(topic: Topic): void | Promise<void> } | undefined,
  proxy?: { publisher: Publisher; channels: Promise<TopicChannels> },
  tenant?: string,
): Notify {
  const tell = async (subject: Topic): Promise<void> => {
    const topic = tenant === undefined ? subject : { ...subject, tenant };
    await bus?.publish(topic);
    if (!proxy) return;
    const { channelOf } = await proxy.channels;
    const item = changeItem(await channelOf(topic), topic);
    await proxy.publisher.publish(item).catch((error: unknown) => {
      if (!bus || !isOutOfReach(error)) throw error;
    });
  };
  return {
    toolsChanged: () => tell({ kind: 'tools' }),
    promptsChanged: () => tell({ kind: 'prompts' }),
    resourcesChanged: () => tell({ kind: 'resources' }),
    resourceUpdated: (uri) => tell({ kind: 'resource', uri }),
    forTenant: (host) => createNotify(bus, proxy, host),
  };
}

/** Streams that are still held then hear of it when they can be reached again: see `MissedChanges`. */
function isOutOfReach(error: unknown): boolean {
  return error instanceof GripError && error.code === 'not_connected';
}

export interface NotifierOptions {
  /** Any publisher that reaches the proxy; no server is needed in this process. */
  readonly publisher: Publisher;
  /** The server's `url`; its `name`, to the letter, if it has no `url`. */
  readonly server: string;
}

/** For workers, cron jobs and webhooks: tells a server's subscribers about changes from a process that serves no HTTP. */
export function createNotifier({ publisher, server }: NotifierOptions): Notify {
  return createNotify(undefined, { publisher, channels: createTopicChannels(nameOf(server)) });
}

/** A URL as the server itself writes it: with a slash after a bare host, and the host in small letters. */
function nameOf(server: string): string {
  return /^https?:/i.test(server) && URL.canParse(server) ? new URL(server).href : server;
}
