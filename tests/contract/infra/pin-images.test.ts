import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIGESTS } from '../../../packages/asgard/src/infra/digests.ts';
import { pin, TAGS } from '../../../packages/asgard/src/infra/images.ts';
import { resolveDigest } from '../../../scripts/images/digest.ts';
import { formatDigests, pinImages } from '../../../scripts/images/pin.ts';
import { parseImage } from '../../../scripts/images/reference.ts';

const DIGEST = `sha256:${'a1'.repeat(32)}`;

/** A registry that, as the public ones do, wants an anonymous token first. */
let registry: Server;
let origin: string;
const asked: string[] = [];

beforeAll(async () => {
  registry = createServer((request, response) => {
    const url = new URL(request.url ?? '/', origin);
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    if (url.pathname === '/token') {
      response.end(JSON.stringify({ token: `for ${url.searchParams.get('scope')}` }));
    } else if (!request.headers.authorization) {
      const scope = `repository:${url.pathname.split('/').slice(2, -2).join('/')}:pull`;
      response.setHeader('www-authenticate', `Bearer realm="${origin}/token",service="registry",scope="${scope}"`);
      response.writeHead(401).end();
    } else if (url.pathname.includes('/gone/')) {
      response.writeHead(404).end();
    } else if (url.pathname.includes('/silent/')) {
      response.writeHead(200).end();
    } else {
      const isIndex = request.headers.accept?.startsWith('application/vnd.oci.image.index.v1+json');
      response.writeHead(isIndex ? 200 : 406, { 'docker-content-digest': DIGEST }).end();
    }
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
});
afterAll(() => registry.close());

const options = { originOf: () => origin };

test.each([
  ['kong:3.9.3-ubuntu', 'registry-1.docker.io', 'library/kong', '3.9.3-ubuntu'],
  ['fanout/pushpin:1.41.0-1', 'registry-1.docker.io', 'fanout/pushpin', '1.41.0-1'],
  ['quay.io/keycloak/keycloak:26.7.3', 'quay.io', 'keycloak/keycloak', '26.7.3'],
  ['localhost:5000/a/b:1', 'localhost:5000', 'a/b', '1'],
])('%s is asked for at its registry', (text, host, repository, tag) => {
  expect(parseImage(text)).toEqual({ text, registry: host, repository, tag });
});

test('an image without a tag is refused', () => {
  expect(() => parseImage('kong')).toThrow('not an image with a tag');
});

test('the digest of a tag, with the token that anybody gets', async () => {
  asked.length = 0;
  expect(await resolveDigest('kong:3.9.3-ubuntu', options)).toBe(DIGEST);
  expect(asked).toEqual([
    'HEAD /v2/library/kong/manifests/3.9.3-ubuntu',
    'GET /token?service=registry&scope=repository%3Alibrary%2Fkong%3Apull',
    'HEAD /v2/library/kong/manifests/3.9.3-ubuntu',
  ]);
});

test.each([
  ['a/gone:1', 'a/gone:1: the registry answers 404.'],
  ['a/silent:1', 'a/silent:1: the registry names no digest.'],
])('%s: says which image and why', async (image, message) => {
  await expect(resolveDigest(image, options)).rejects.toThrow(message);
});

describe('the list', () => {
  test('has every image of the stack, and says which have moved', async () => {
    const images = Object.values(TAGS);
    const [first = '', ...others] = images;
    const { digests, moved } = await pinImages(images, { [first]: DIGEST }, options);
    expect(Object.keys(digests).sort()).toEqual([...images].sort());
    expect(moved).toEqual(others);
  });

  test('is not made by halves', async () => {
    await expect(pinImages(['a/b:1', 'a/gone:1'], {}, options)).rejects.toThrow('a/gone:1');
  });

  test('is a module, and what is written there is what is run', () => {
    expect(formatDigests({ 'b:1': DIGEST, 'a:1': DIGEST })).toContain(`  'a:1': '${DIGEST}',\n  'b:1': '`);
    expect(formatDigests({})).toContain('= {};\n');
    expect(pin({ one: 'a:1', two: 'b:2' }, { 'a:1': DIGEST })).toEqual({ one: `a:1@${DIGEST}`, two: 'b:2' });
  });

  test('pins only tags that are used', () => {
    expect(Object.values(TAGS)).toEqual(expect.arrayContaining(Object.keys(DIGESTS)));
  });
});
