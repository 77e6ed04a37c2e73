import { parseGripUrl } from '@asgard/grip';
import { createXpubPublisher, type XpubPublisher } from '@asgard/grip/zeromq';
import { createNotifier, type Notify } from '@asgard/odin';
import { AsgardError } from '../errors.ts';
import type { Change, PublishOptions } from './change.ts';

const CONNECT_MS = 5000;

/**
 * Publishes one change, as a process of its own.
 *
 * @throws AsgardError `usage` for a bad GRIP_URL, `connect_failed`, `cancelled`
 */
export async function publishChange({ change, gripUrl, server, signal }: PublishOptions): Promise<void> {
  const publisher = createXpubPublisher({ urls: readUrls(gripUrl) });
  try {
    await connected(publisher, signal);
    await tell(createNotifier({ publisher, server }), change);
  } finally {
    await publisher.close();
  }
}

function readUrls(gripUrl: string): readonly string[] {
  try {
    const endpoint = parseGripUrl(gripUrl);
    if (endpoint.kind === 'zeromq') return endpoint.urls;
  } catch (cause) {
    throw new AsgardError('usage', `GRIP_URL cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  throw new AsgardError('usage', 'GRIP_URL must be tcp://host:port, the address of push_in_sub_specs.');
}

async function connected(publisher: XpubPublisher, signal: AbortSignal): Promise<void> {
  const late = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]);
  const ended = new Promise<never>((_, reject) => {
    const refuse = (): void =>
      reject(
        signal.aborted
          ? new AsgardError('cancelled', 'Cancelled.')
          : new AsgardError('connect_failed', `The proxy of GRIP_URL did not answer within ${CONNECT_MS / 1000} s.`),
      );
    if (late.aborted) refuse();
    else late.addEventListener('abort', refuse, { once: true });
  });
  await Promise.race([publisher.ready(), ended]);
}

function tell(notify: Notify, change: Change): Promise<void> {
  switch (change.kind) {
    case 'resource':
      return notify.resourceUpdated(change.uri);
    case 'tools':
      return notify.toolsChanged();
    case 'prompts':
      return notify.promptsChanged();
    case 'resources':
      return notify.resourcesChanged();
  }
}
