import type { ItemFormat, PublishItem } from '@asgard/grip';
import type { Channels } from './channels.ts';
import type { Clock } from './clock.ts';
import { type EmitHermodEvent, type PublishPath, textOfContent } from './event.ts';
import { createSequence, type Sequence } from './sequence.ts';

/** Where every published item comes in, whatever its way, and is handed to those who hold its channel. */
export interface Delivery {
  readonly sequence: Sequence;
  accept(item: PublishItem, via: PublishPath): void;
  close(): void;
}

export interface DeliveryOptions {
  readonly channels: Channels;
  readonly clock: Clock;
  readonly emit: EmitHermodEvent;
}

export function createDelivery({ channels, clock, emit }: DeliveryOptions): Delivery {
  const ways = new WeakMap<PublishItem, PublishPath>();

  function hand(item: PublishItem): void {
    const { channel, id: itemId, format, alternative } = item;
    const kinds = new Set([format.kind, alternative?.kind]);
    const holders = [
      ...(kinds.has('http-response') ? channels.holders(channel, 'response') : []),
      ...(kinds.has('http-stream') ? channels.holders(channel, 'stream') : []),
    ];
    const via = ways.get(item) ?? 'process';
    const [kind, content, receivers] = [kindOf(format), contentOf(format), holders.length];
    emit({ type: 'published', channel, itemId, via, kind, receivers, content });
    for (const holder of holders) holder.deliver(item);
  }

  const sequence = createSequence({
    clock,
    onReady: hand,
    onDrop: ({ channel }, reason) => emit({ type: 'dropped', channel, reason }),
  });
  return {
    sequence,
    accept(item, via) {
      ways.set(item, via);
      // Nobody there: the order is not kept, since an id from before a subscription would make its first item wait.
      sequence.add(item, item.noSeq !== true && channels.has(item.channel));
    },
    close: () => sequence.close(),
  };
}

function kindOf(format: ItemFormat): 'http-stream' | 'http-response' | 'close' | 'hint' {
  return 'action' in format ? format.action : format.kind;
}

function contentOf(format: ItemFormat): string {
  if ('action' in format) return '';
  return textOfContent(format.kind === 'http-stream' ? format.content : format.body);
}
