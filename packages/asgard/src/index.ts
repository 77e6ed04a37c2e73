export { startStandIns } from './dev/dev-stack.ts';
export type { DevEvent } from './dev/event.ts';
export type { Exchange } from './dev/exchange.ts';
export type { Refusal } from './dev/refusals.ts';
export { formatBanner, formatExchange } from './dev/screen.ts';
export { type DevSession, type DevSessionOptions, startDevSession } from './dev/session.ts';
export type { DevUser, Stack, StackOptions, StartStack } from './dev/stack.ts';
export { AsgardError, type AsgardErrorCode } from './errors.ts';
export { createPaint, type Paint } from './paint.ts';
