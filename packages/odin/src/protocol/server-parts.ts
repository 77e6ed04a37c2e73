import type { Seal } from '../input/seal.ts';
import type { Logger } from '../observability/logger.ts';
import type { Catalog } from '../registry/catalog.ts';
import type { PreparedLists } from '../registry/prepared-lists.ts';
import type { JsonObject } from './json.ts';
import type { Middleware } from './middleware.ts';
import type { Notify } from './notify.ts';
import type { TakeCall } from './tool-quota.ts';
import type { TopicBus } from './topic-bus.ts';

/** What the methods work with. Made once per server. */
export interface ServerParts {
  /** `serverInfo`: name, version and what else the server says of itself. */
  readonly identity: JsonObject;
  readonly instructions: string | undefined;
  readonly catalog: Catalog;
  readonly lists: PreparedLists;
  readonly bus: TopicBus;
  readonly notify: Notify;
  readonly logger: Logger;
  /** Around every method, outermost first. */
  readonly middleware: readonly Middleware[];
  /** Silence after which progress is reported for a handler, in milliseconds; undefined for never. */
  readonly heartbeatMs: number | undefined;
  /** For what clients carry from one round of a call to the next. */
  readonly seal: Seal;
  /** Counts a call under a rule for its tool. */
  readonly takeCall: TakeCall;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A fresh reference that joins a masked error with its log entry. */
  readonly reference: () => string;
}
