export { type AuditEntry, type AuditOptions, audit } from './middleware/audit.ts';
export { type Limiter, type RateLimitOptions, rateLimit } from './middleware/rate-limit.ts';
export { type SizeLimitOptions, sizeLimit } from './middleware/size-limit.ts';
export { type TimeoutOptions, timeout } from './middleware/timeout.ts';
export type { Middleware } from './protocol/middleware.ts';
