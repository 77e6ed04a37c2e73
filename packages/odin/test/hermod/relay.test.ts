import { expect, test, vi } from 'vitest';
import { askOwner, type RelayOptions } from '../../src/hermod/relay.ts';
import type { Whereabout } from '../../src/hermod/whereabouts.ts';
import type { HttpRequest } from '../../src/http/message.ts';

type Fetch = NonNullable<RelayOptions['fetch']>;

const PROOF = { 'grip-sig': 'a signature', 'grip-last': 'hold.a.1.lease; last-id=3' };
const HERE = 'http://10.0.0.7:8080';
const NOW_THERE = 'http://10.0.0.9:8080';

function requestWith(headers: Readonly<Record<string, string>>): HttpRequest {
  return {
    method: 'GET',
    path: '/.odin/next/a.1',
    query: '',
    header: (name) => headers[name],
    readBody: async () => '',
    onDisconnect: () => {},
    release: () => {},
  };
}

interface Place {
  /** Where the owner was met. */
  readonly known?: string;
  /** What the store says. */
  readonly stored?: () => Promise<Whereabout>;
  readonly answer?: Fetch;
}

function createPlace({ known, stored = async () => undefined, answer = async () => new Response('it') }: Place) {
  const fetch = vi.fn<Fetch>(answer);
  const of = vi.fn(stored);
  const options: RelayOptions = { acquaintances: { urlOf: () => known }, whereabouts: { of }, fetch };
  const ask = (headers: Readonly<Record<string, string>> = PROOF) => askOwner('a.1', requestWith(headers), options);
  return { fetch, of, ask, asked: () => fetch.mock.calls.map(([url]) => new URL(url).origin) };
}

const refuse: Fetch = () => Promise.reject(new TypeError('fetch failed'));

test('asks the owner with the proof of the proxy and nothing else, and brings its answer back', async () => {
  const headers = {
    'content-type': 'text/event-stream',
    'grip-hold': 'stream',
    'grip-channel': 'hold.a.1.lease; prev-id=3',
    'x-own': 'kept',
  };
  const { fetch, of, ask } = createPlace({
    known: HERE,
    answer: async () => new Response('data: missed\n\n', { headers }),
  });
  const word = await ask({ ...PROOF, cookie: 'private', authorization: 'Bearer private' });
  const { 'x-own': _, ...passed } = headers;
  expect(word).toEqual({ status: 200, headers: passed, body: 'data: missed\n\n' });
  const [url, init] = fetch.mock.calls[0] ?? [];
  expect(url).toBe(`${HERE}/.odin/next/a.1`);
  expect(init?.headers).toEqual({ ...PROOF, 'odin-relayed': '1' });
  expect(init?.redirect).toBe('error');
  expect(of).not.toHaveBeenCalled();
});

test('finds an owner that it has not met in the store', async () => {
  const { ask, asked } = createPlace({ stored: async () => ({ url: NOW_THERE }) });
  expect(await ask()).toMatchObject({ status: 200, body: 'it' });
  expect(asked()).toEqual([NOW_THERE]);
});

test.each<[string, Fetch]>([
  ['nobody', refuse],
  ['somebody else', async () => new Response('', { status: 503 })],
])('looks into the store when %s answers where the owner was', async (_who, elsewhere) => {
  const answer: Fetch = async (url, init) => (url.startsWith(HERE) ? elsewhere(url, init) : new Response('it'));
  const moved = createPlace({ known: HERE, stored: async () => ({ url: NOW_THERE }), answer });
  expect(await moved.ask()).toMatchObject({ status: 200, body: 'it' });
  const over = createPlace({ known: HERE, stored: async () => 'over', answer });
  expect(await over.ask()).toBe('over');
});

test.each<[string, Place]>([
  ['the owner does not answer, and nothing else is known', { known: HERE, answer: refuse }],
  ['the owner does not answer, but lives', { known: HERE, stored: async () => ({ url: HERE }), answer: refuse }],
  [
    'neither the owner nor the store can be reached',
    { known: HERE, stored: () => Promise.reject(new Error('away')), answer: refuse },
  ],
])('says nothing when %s', async (_what, place) => {
  const { ask, asked } = createPlace(place);
  expect(await ask()).toBeUndefined();
  expect(asked()).toEqual([HERE]);
});

test('a question that was passed on once goes no further', async () => {
  const { fetch, ask } = createPlace({ known: HERE });
  expect(await ask({ ...PROOF, 'odin-relayed': '1' })).toBeUndefined();
  expect(fetch).not.toHaveBeenCalled();
});
