export type { Exchange } from './dev/exchange.ts';
export { formatBanner, formatExchange } from './dev/screen.ts';
export { type DevEvent, type DevSession, type DevSessionOptions, startDevSession } from './dev/session.ts';
export type { DevUser, Stack, StackOptions, StartStack } from './dev/stack.ts';
export { AsgardError, type AsgardErrorCode } from './errors.ts';
export { createPaint, type Paint } from './paint.ts';
