import { GripError, isGripError } from '../errors.ts';
import { createMonitor, mergeSources } from './monitor.ts';
import type { MonitoredPublisher, Publisher } from './publisher.ts';

/**
 * Publishes to several proxies that do not know of each other. An item counts as published when every proxy that is connected took
 * it; otherwise the rejection's cause is an `AggregateError` of all failures. The monitor merges those of the publishers that have
 * one: the first subscriber of a channel on any proxy, and the last to leave.
 * @throws {@link GripError} `bad_option`
 */
export function createFanOut(publishers: readonly Publisher[]): MonitoredPublisher {
  if (publishers.length === 0) {
    throw new GripError('bad_option', 'createFanOut needs at least one publisher', { field: 'publishers' });
  }
  const source = createMonitor();
  const merged = mergeSources(source);
  const monitored = publishers.filter((publisher): publisher is MonitoredPublisher => 'monitor' in publisher);
  for (const { monitor } of monitored) {
    monitor.onSubscribe(merged.subscribed);
    monitor.onUnsubscribe((channel, broken = !monitor.connected) => merged.unsubscribed(channel, broken));
  }
  return {
    monitor: {
      get connected() {
        return monitored.some(({ monitor }) => monitor.connected);
      },
      onSubscribe: source.monitor.onSubscribe,
      onUnsubscribe: source.monitor.onUnsubscribe,
    },
    async publish(item) {
      const results = await Promise.allSettled(publishers.map((publisher) => publisher.publish(item)));
      const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      if (errors.length === 0) return;
      // Nobody is held by a proxy that is not there.
      if (errors.length < publishers.length && errors.every((error) => isGripError(error, 'not_connected'))) return;
      if (errors.length === 1 && publishers.length === 1) throw errors[0];
      const cause = new AggregateError(errors);
      const code = errors.every((error) => isGripError(error, 'not_connected')) ? 'not_connected' : 'publish_failed';
      throw new GripError(code, `${errors.length} of ${publishers.length} proxies did not take the item`, { cause });
    },
    async close() {
      await Promise.all(publishers.map((publisher) => publisher.close()));
    },
  };
}
