import type { PublishItem } from '../wire/item.ts';

/** Sends items to one or more proxies. */
export interface Publisher {
  /**
   * Resolves when the item is handed over, in the order of the calls. That is no receipt: whoever listens gets it.
   * Rejects with a GripError when nothing could be handed over. Must not reorder items of one channel.
   */
  publish(item: PublishItem): Promise<void>;
  /** Sends what is queued, then lets go of sockets. Publishing afterwards rejects. */
  close(): Promise<void>;
}

/** Removes a listener. Calling it again does nothing. */
export type Unlisten = () => void;

/** Tells which channels have at least one held connection. */
export interface SubscriptionMonitor {
  /** Whether events can come at all: at least one proxy is connected. */
  readonly connected: boolean;
  /** A first connection listens to the channel: items published from now on reach it. */
  onSubscribe(listener: (channel: string) => void): Unlisten;
  /**
   * The last connection of the channel is gone. `broken`: the way to its proxy broke, so that it may come back; without a value,
   * `connected` tells.
   */
  onUnsubscribe(listener: (channel: string, broken?: boolean) => void): Unlisten;
}

/** A publisher that knows when a hold is live and when it is gone. What holds need. */
export interface MonitoredPublisher extends Publisher {
  readonly monitor: SubscriptionMonitor;
}
