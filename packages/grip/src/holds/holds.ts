import type { HoldChannel } from '../wire/channel.ts';
import type { Hold } from './hold.ts';
import type { LastBlock } from './others.ts';
import type { RecoveryAnswer, RecoveryRequest } from './recover.ts';

/** Options of {@link Holds.open}. */
export interface OpenOptions {
  /** When the hold must end, in epoch milliseconds: the expiry of the caller's token. @default after `maxHoldMs` */
  readonly expiresAt?: number;
  /** Further channels that the connection listens to, such as shared topics. @default none */
  readonly channels?: readonly HoldChannel[];
  /** Values for the filters of those channels. @default none */
  readonly meta?: Readonly<Record<string, string>>;
  /** With recovery: what {@link Holds.bury} puts into its block for this hold. Printable ASCII. @default `bury` has the proxy ask its link instead */
  readonly name?: string;
  /** With recovery: what `explain` gets when the stream cannot go on. It travels sealed. @default '' */
  readonly lease?: string;
}

/** Counters at one moment. */
export interface HoldStats {
  /** Now. */
  readonly open: number;
  readonly waiting: number;
  readonly live: number;
  /** Bytes that wait to be published. */
  readonly queuedBytes: number;
  /** Since the start. */
  readonly opened: number;
  readonly completed: number;
  /** The client or its proxy went away, before or after the hold was live, or the caller gave up. */
  readonly cancelled: number;
  /** Ended by their time, or by a drain. */
  readonly expired: number;
  /** Publishing failed, or a client missed events that were no longer kept. */
  readonly failed: number;
  /** Next links that were answered with what the client had missed. */
  readonly recovered: number;
  /** Next links that could only be answered with an explanation. */
  readonly lost: number;
  /** Hints: one for all the streams of an earlier start of this replica, and one for each that came too late. */
  readonly hinted: number;
}

/** Every answer that is held now. */
export interface Holds {
  /**
   * Registers a hold. Do it before the response is sent, or its readiness may be missed.
   * @throws {@link GripError} `too_many_holds`, or `drained` after `close()`.
   */
  open(options?: OpenOptions): Hold;
  /** Whether a hold would work now: a proxy is connected, there is room, and nothing is being closed. If not, answer without one. */
  readonly available: boolean;
  /**
   * Answers a next link. Verify the request's `Grip-Sig` before: that and the sealed lease in `Grip-Last` together are the proof.
   * Without the option `recovery`, every request is refused.
   */
  recover(request: RecoveryRequest): RecoveryAnswer;
  /**
   * Waits for the open holds to end. Those that have not within `deadlineMs` milliseconds are stopped: their signals abort with
   * `drained`, and they have the grace time for a last block. With recovery, waits within the same time until the clients have got their
   * ends. Then as `close()`.
   */
  drain(options: { readonly deadlineMs: number }): Promise<void>;
  stats(): HoldStats;
  /** With recovery: this start of this replica, as `others()` of the other replicas name it. */
  readonly owner: string;
  /** With recovery: the starts of other replicas that the proxies hold streams for. */
  others(): readonly string[];
  /**
   * Ends the streams of another replica that is gone for good, each with one last block: head, the name of the hold, tail. Of those without a name
   * the proxy asks the links: whoever answers them has to know that the owner is gone (`ownerGone`). Who calls
   * it must be certain of that, and be the only one who calls it for that owner: nothing here knows.
   */
  bury(owner: string, block: LastBlock): Promise<void>;
  /** Ends every hold at once and refuses new ones. Resolves when the clients' streams are closed. */
  close(): Promise<void>;
}
