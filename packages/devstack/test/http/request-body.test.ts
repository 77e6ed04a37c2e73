import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { BodyTooLarge, createBodyCap, createBodyMeter, hasBody, isDeclaredOver } from '../../src/http/request-body.ts';

const request = (headers: IncomingMessage['headers']): IncomingMessage => ({ headers }) as IncomingMessage;
const sink = async (source: AsyncIterable<Buffer>): Promise<void> => {
  for await (const _ of source);
};

test('knows whether a body comes, and how much is announced', () => {
  expect(hasBody(request({}))).toBe(false);
  expect(hasBody(request({ 'content-length': '0' }))).toBe(false);
  expect(hasBody(request({ 'content-length': '1' }))).toBe(true);
  expect(hasBody(request({ 'transfer-encoding': 'chunked' }))).toBe(true);
  expect(isDeclaredOver(request({ 'content-length': '10' }), 10)).toBe(false);
  expect(isDeclaredOver(request({ 'content-length': '11' }), 10)).toBe(true);
});

test('the cap lets the last allowed byte through and no more', async () => {
  await pipeline(Readable.from([Buffer.alloc(6), Buffer.alloc(4)]), createBodyCap(10), sink);
  await expect(pipeline(Readable.from([Buffer.alloc(6), Buffer.alloc(5)]), createBodyCap(10), sink)).rejects.toThrow(
    BodyTooLarge,
  );
});

test('the meter counts', async () => {
  const meter = createBodyMeter();
  await pipeline(Readable.from([Buffer.alloc(6), Buffer.alloc(5)]), meter.stream, sink);
  expect(meter.bytes()).toBe(11);
});
