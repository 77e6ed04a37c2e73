import fc from 'fast-check';
import type { HoldChannel, HoldInstruction, ItemFormat, KeepAlive, PublishItem } from '../../src/index.ts';

const printable = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));

export const headerText: fc.Arbitrary<string> = fc.string({ unit: printable, minLength: 1, maxLength: 40 });
export const token: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/);
export const seconds: fc.Arbitrary<number> = fc.integer({ min: 1, max: 100_000 });
export const channelName: fc.Arbitrary<string> = headerText.filter(
  (name) => !/[,;"]/.test(name) && name === name.trim(),
);
export const uri: fc.Arbitrary<string> = fc.stringMatching(/^\/[A-Za-z0-9?&=%./_~-]{0,40}$/);
export const unicode: fc.Arbitrary<string> = fc.string({ unit: 'binary', maxLength: 60 });
const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 });
const optional = { requiredKeys: [] };

export const holdChannel: fc.Arbitrary<HoldChannel> = fc.record(
  { name: channelName, prevId: headerText, filters: fc.array(headerText, { minLength: 1, maxLength: 5 }) },
  { requiredKeys: ['name'] },
);

export const keepAlive: fc.Arbitrary<KeepAlive> = fc.record({
  data: fc.oneof(
    unicode.filter((text) => text !== ''),
    bytes,
  ),
  mode: fc.constantFrom('idle' as const, 'interval' as const),
  timeoutSeconds: seconds,
});

export const status = fc.record(
  {
    code: fc.integer({ min: 200, max: 599 }),
    reason: headerText.map((text) => text.trim()).filter((text) => text !== ''),
  },
  { requiredKeys: ['code'] },
);

const links = fc.record(
  { next: fc.record({ uri, timeoutSeconds: seconds }, { requiredKeys: ['uri'] }), gone: fc.record({ uri }) },
  optional,
);

const channels = fc.uniqueArray(holdChannel, { selector: ({ name }) => name, minLength: 1, maxLength: 20 });

/** Any hold that the proxy accepts. */
export const hold: fc.Arbitrary<HoldInstruction> = fc
  .tuple(
    fc.record({ mode: fc.constantFrom('stream' as const, 'response' as const), channels }),
    fc.record(
      {
        timeoutSeconds: seconds,
        keepAlive,
        meta: fc.dictionary(token, headerText, { minKeys: 1, maxKeys: 4 }),
        status,
      },
      optional,
    ),
    links,
  )
  .map(([base, extra, { next, gone }]) => {
    const { timeoutSeconds, ...rest } = extra;
    const numbered = base.channels.some(({ prevId }) => prevId !== undefined);
    const target = next ?? (numbered && base.mode === 'stream' ? { uri: '/next' } : undefined);
    return {
      ...base,
      ...rest,
      ...(base.mode === 'response' && timeoutSeconds !== undefined ? { timeoutSeconds } : {}),
      ...(target ? { next: target } : {}),
      ...(gone ? { gone } : {}),
    };
  });

const content = fc.oneof(unicode, fc.uint8Array({ maxLength: 60 }));

export const streamFormat: fc.Arbitrary<ItemFormat> = fc.oneof(
  fc.record({ kind: fc.constant('http-stream' as const), content }),
  fc.record({ kind: fc.constant('http-stream' as const), action: fc.constantFrom('close' as const, 'hint' as const) }),
);

export const responseFormat: fc.Arbitrary<ItemFormat> = fc.record(
  {
    kind: fc.constant('http-response' as const),
    code: fc.integer({ min: 200, max: 599 }),
    reason: headerText.map((text) => text.trim()).filter((text) => text !== ''),
    headers: fc.dictionary(token, headerText, { maxKeys: 3 }),
    body: content,
  },
  { requiredKeys: ['kind', 'body'] },
);

export const item: fc.Arbitrary<PublishItem> = fc
  .record(
    {
      channel: channelName,
      id: headerText,
      prevId: headerText,
      format: streamFormat,
      alternative: responseFormat,
      contentFilters: fc.array(headerText, { minLength: 1, maxLength: 3 }),
      noSeq: fc.constant(true),
      meta: fc.dictionary(token, unicode, { maxKeys: 3 }),
    },
    { requiredKeys: ['channel', 'format'] },
  )
  .map((whole) => {
    const { contentFilters, ...rest } = whole;
    const carries = !('action' in whole.format) || whole.alternative !== undefined;
    return contentFilters && carries ? { ...rest, contentFilters } : rest;
  });

/** The same data with bytes made text where they are UTF-8: what a reader of the wire can know. */
export function normalize<T>(value: T): T {
  if (value instanceof Uint8Array) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value) as T;
    } catch {
      return Uint8Array.from(value) as T;
    }
  }
  if (Array.isArray(value)) return value.map(normalize) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, normalize(inner)])) as T;
}
