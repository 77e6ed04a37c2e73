import { Publisher as FanoutPublisher } from '@fanoutio/grip';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createHttpPublisher, type HttpPublisherOptions, type PublishItem, parseItemObject } from '../../src/index.ts';

interface Post {
  readonly url: string;
  readonly authorization: string | null;
  readonly items: readonly PublishItem[];
}

const item = (content: string, channel = 'a'): PublishItem => ({ channel, format: { kind: 'http-stream', content } });

function setUp(
  options: Partial<HttpPublisherOptions> = {},
  answer: () => Response | Promise<Response> = () => new Response('Published\n'),
) {
  const posts: Post[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { items } = (await request.json()) as { items: [] };
    posts.push({
      url: request.url,
      authorization: request.headers.get('authorization'),
      items: items.map((each) => parseItemObject(each)),
    });
    return answer();
  };
  return { posts, publisher: createHttpPublisher({ controlUrl: 'http://proxy:5561', fetch, ...options }), fetch };
}

describe('createHttpPublisher', () => {
  it('posts items as @fanoutio/grip does', async () => {
    const { posts, publisher, fetch } = setUp();
    await publisher.publish(item('x'));
    await new FanoutPublisher({ control_uri: 'http://proxy:5561' }, { fetch } as never).publishHttpStream('a', 'x');
    expect(posts[1]).toEqual(posts[0]);
  });

  it('keeps the order, and sends together what came meanwhile', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let first = true;
    const { posts, publisher } = setUp({}, async () => {
      if (first) await gate;
      first = false;
      return new Response();
    });
    const sent = Array.from({ length: 120 }, (_, index) => publisher.publish(item(String(index))));
    await new Promise((resolve) => setImmediate(resolve));
    release();
    await Promise.all(sent);
    expect(posts.map(({ items }) => items.length)).toEqual([50, 50, 20]);
    const texts = posts.flatMap(({ items }) => items).map(({ format }) => 'content' in format && format.content);
    expect(texts).toEqual(Array.from({ length: 120 }, (_, index) => String(index)));
  });

  it('bounds a request in bytes and an item too', async () => {
    const { posts, publisher } = setUp({ maxBatchBytes: 200 });
    await Promise.all([publisher.publish(item('x'.repeat(100))), publisher.publish(item('y'.repeat(100)))]);
    expect(posts).toHaveLength(2);
    await expect(publisher.publish(item('x'.repeat(200)))).rejects.toMatchObject({ code: 'value_too_long' });
  });

  it('bounds its queue', async () => {
    const { publisher } = setUp({ maxQueuedItems: 2 });
    const sent = [publisher.publish(item('1')), publisher.publish(item('2'))];
    await expect(publisher.publish(item('3'))).rejects.toMatchObject({ code: 'queue_full' });
    await Promise.all(sent);
  });

  it.each([
    ['a refusal', () => new Response('Invalid format', { status: 400 }), /status 400 Invalid format/],
    ['no connection', () => Promise.reject(new TypeError('fetch failed')), /fetch failed/],
  ])('reports %s and goes on', async (_, answer, message) => {
    let fail = true;
    const { publisher } = setUp({}, () => {
      const response = fail ? answer() : new Response();
      fail = false;
      return response;
    });
    await expect(publisher.publish(item('x'))).rejects.toThrow(message);
    await publisher.publish(item('y'));
  });

  it('authorizes with a short JWT, a bearer or a password', async () => {
    const now = (): number => 1_700_000_000_000;
    const key = 'base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
    const of = async (options: Partial<HttpPublisherOptions>): Promise<string | null | undefined> => {
      const { posts, publisher } = setUp({ ...options, now });
      await publisher.publish(item('x'));
      return posts[0]?.authorization;
    };
    const jwt = (await of({ issuer: 'me', key }))?.replace('Bearer ', '') ?? '';
    const secret = new TextEncoder().encode('0123456789abcdef0123456789abcdef');
    const { payload } = await jwtVerify(jwt, secret, { currentDate: new Date(now()) });
    expect(payload).toEqual({ iss: 'me', exp: now() / 1_000 + 600 });
    expect(await of({ key: 'token' })).toBe('Bearer token');
    expect(await of({ user: 'me', password: 'ü:x' })).toBe(`Basic ${Buffer.from('me:ü:x').toString('base64')}`);
    expect(await of({})).toBeNull();
  });

  it('knows where to post, and refuses what it cannot use', async () => {
    const { posts, publisher } = setUp({ controlUrl: 'https://api.example.org/realm/r/?x=1' });
    await publisher.publish(item('x'));
    expect(posts[0]?.url).toBe('https://api.example.org/realm/r/publish/?x=1');
    expect(() => setUp({ controlUrl: 'proxy' })).toThrow(expect.objectContaining({ code: 'bad_option' }));
    expect(() => setUp({ issuer: 'me' })).toThrow(expect.objectContaining({ code: 'bad_option', field: 'key' }));
  });

  it('sends what waits before it closes', async () => {
    const { posts, publisher } = setUp();
    const sent = publisher.publish(item('x'));
    await publisher.close();
    await sent;
    expect(posts).toHaveLength(1);
    await expect(publisher.publish(item('y'))).rejects.toMatchObject({ code: 'publisher_closed' });
  });
});
