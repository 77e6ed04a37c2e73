import { createInMemoryPublisher } from '@asgard/grip';
import { createLeaseSealer } from '@asgard/grip/node';
import { describe, expect, it } from 'vitest';
import { OdinError, OdinServer, type OdinServerOptions } from '../src/index.ts';
import { sizeLimit } from '../src/middleware.ts';

const KEY = 'a secret of at least thirty-two characters';

function create(options: Partial<OdinServerOptions>): OdinServer {
  return new OdinServer({ name: 'x', version: '1', ...options });
}

const hermod = (options: object): Partial<OdinServerOptions> => ({
  hermod: { publisher: createInMemoryPublisher(), keys: [KEY], ...options },
});
const sealer = createLeaseSealer({ keys: [KEY] });

const COUNTS: readonly (readonly [string, (value: number) => unknown])[] = [
  ['pageSize', (value) => create({ pageSize: value })],
  ['http.maxBodyBytes', (value) => create({ http: { maxBodyBytes: value } })],
  ['http.maxSubscriptions', (value) => create({ http: { maxSubscriptions: value } })],
  ['sessions.ttlMs', (value) => create({ sessions: { ttlMs: value } })],
  ['sessions.maxEvents', (value) => create({ sessions: { maxEvents: value } })],
  ['sessions.maxEventChars', (value) => create({ sessions: { maxEventChars: value } })],
  ['sessions.maxStreams', (value) => create({ sessions: { maxStreams: value } })],
  ['sizeLimit, option maxArguments', (value) => sizeLimit({ maxArguments: value })],
  ['sizeLimit, option maxResult', (value) => sizeLimit({ maxResult: value })],
];

const TIMES: readonly (readonly [string, (value: number) => unknown])[] = [
  ['heartbeatMs', (value) => create({ heartbeatMs: value })],
  ['http.patienceMs', (value) => create({ http: { patienceMs: value } })],
  ['http.keepAliveMs', (value) => create({ http: { keepAliveMs: value } })],
  ['sessions.retryMs', (value) => create({ sessions: { retryMs: value } })],
  ['hermod.maxHoldMs', (value) => create(hermod({ maxHoldMs: value }))],
  ['hermod.recovery.timeoutSeconds', (value) => create(hermod({ recovery: { sealer, timeoutSeconds: value } }))],
];

/** The error that it throws. */
function refusal(make: () => unknown): unknown {
  try {
    make();
    return 'accepted';
  } catch (error) {
    return error instanceof OdinError ? [error.code, error.message.split(':')[0]] : error;
  }
}

describe('options that are numbers', () => {
  it.each([...COUNTS, ...TIMES])('%s is a whole number above 0', (option, make) => {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(refusal(() => make(value))).toEqual(['bad_option', option]);
    expect(refusal(() => make(7))).toBe('accepted');
  });

  it.each(TIMES)('%s is no longer than a timer can wait', (option, make) => {
    expect(refusal(() => make(3e9))).toEqual(['bad_option', option]);
  });
});
