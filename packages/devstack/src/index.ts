export type { Bifrost, BifrostOptions } from './bifrost/bifrost.ts';
export { startBifrost } from './bifrost/bifrost.ts';
export type { BifrostEvent } from './bifrost/event.ts';
export type { GatewayCors, GatewayRoute } from './bifrost/route.ts';
export { DevstackError, type DevstackErrorCode } from './errors.ts';
