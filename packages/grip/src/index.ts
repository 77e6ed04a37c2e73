export { GripError, type GripErrorCode, type GripErrorDetails, isGripError } from './errors.ts';
export type { ClockOptions } from './holds/clock.ts';
export type { Hold, HoldState } from './holds/hold.ts';
export type { HoldStats, Holds, OpenOptions } from './holds/holds.ts';
export type { Lease, LeaseSealer, Loss, LossReason, RecoveryOptions } from './holds/lease.ts';
export type { HoldsOptions } from './holds/options.ts';
export type { LastBlock } from './holds/others.ts';
export type { RecoveryAnswer, RecoveryRequest } from './holds/recover.ts';
export { createHolds } from './holds/registry.ts';
export { createFanOut } from './publish/fan-out.ts';
export { createHttpPublisher, type HttpPublisherOptions } from './publish/http.ts';
export { createInMemoryPublisher, type InMemoryPublisher, type InMemoryPublisherOptions } from './publish/in-memory.ts';
export type { MonitoredPublisher, Publisher, SubscriptionMonitor, Unlisten } from './publish/publisher.ts';
export { createSigVerifier, type SigVerifier, type SigVerifierOptions } from './signature/verify.ts';
export { type BlockStreamOptions, createBlockStream } from './sse/blocks.ts';
export { EVENT_STREAM_TYPE, formatSseComment, formatSseEvent, type SseEvent } from './sse/event.ts';
export {
  type ChannelNameParts,
  checkChannelName,
  createChannelName,
  formatChannels,
  type HoldChannel,
  parseChannelName,
  parseChannels,
} from './wire/channel.ts';
export { formatFeatures, parseFeatures } from './wire/feature.ts';
export { GRIP_HEADERS, isGripHeader } from './wire/fields.ts';
export {
  formatGripUrl,
  type GripEndpoint,
  type HttpEndpoint,
  parseGripUrl,
  type ZeroMqEndpoint,
} from './wire/grip-url.ts';
export { formatHoldHeaders, type HoldInstruction, parseHoldHeaders, parseLinkHeaders } from './wire/hold.ts';
export {
  formatHoldBody,
  GRIP_INSTRUCT_TYPE,
  type HeldResponse,
  type HoldBody,
  parseHoldBody,
} from './wire/hold-body.ts';
export {
  formatItemJson,
  type ItemEncoding,
  type ItemFormat,
  type PublishItem,
  parseItemJson,
  parseItemObject,
} from './wire/item.ts';
export { formatItemFrame, formatItemFrames, parseItemFrame } from './wire/item-frame.ts';
export type { Json, JsonObject } from './wire/json.ts';
export { formatKeepAlive, type KeepAlive, parseKeepAlive } from './wire/keep-alive.ts';
export { formatLast, type LastId, parseLast } from './wire/last.ts';
export {
  MAX_CHANNELS,
  MAX_HELD_REQUEST_BYTES,
  MAX_SESSION_QUEUE_ITEMS,
} from './wire/limits.ts';
export { formatLinks, type GoneLink, type GripLinks, type NextLink, parseLinks } from './wire/link.ts';
export { formatMeta, parseMeta } from './wire/meta.ts';
export { formatStatus, type HoldStatus, parseStatus } from './wire/status.ts';
export { escapeVarSubst, renderVarSubst, varSlot } from './wire/var-subst.ts';
export { type FetchHandler, type WithGripOptions, withGrip } from './with-grip.ts';
