import { MemoryMessageBus } from './memory-message-bus.ts';
import { MemoryStateStore } from './memory-state-store.ts';
import type { MessageBus } from './message-bus.ts';
import type { StateStore } from './state-store.ts';

/** What the replicas of one server share. */
export interface Cluster {
  readonly state: StateStore;
  readonly bus: MessageBus;
  /** Whether it can be reached now. @default always */
  readonly connected?: boolean;
  /** Called by the server that it was given to, when that has closed. @default nothing to do */
  close?(): Promise<void>;
}

/** A cluster of one process. Two servers given the same one behave as two replicas. */
export function createMemoryCluster(): Cluster {
  return { state: new MemoryStateStore(), bus: new MemoryMessageBus() };
}
