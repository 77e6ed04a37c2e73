import { parseGripUri } from '@fanoutio/grip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatGripUrl, type GripEndpoint, parseGripUrl } from '../../src/index.ts';

const text = fc.string({ minLength: 1, maxLength: 12 });
const host = fc.constantFrom('http://localhost:5561', 'https://api.example.org/realm/x', 'http://[::1]:5561/a/b');
const signature = fc.record(
  {
    verifyKeys: fc.array(
      text.filter((key) => !key.startsWith('base64:')),
      { maxLength: 3 },
    ),
    verifyIssuer: text,
  },
  { requiredKeys: ['verifyKeys'] },
);
const endpoint: fc.Arbitrary<GripEndpoint> = fc.oneof(
  fc
    .tuple(
      signature,
      fc.record(
        { controlUrl: host, issuer: text, key: text, user: text, password: text },
        { requiredKeys: ['controlUrl'] },
      ),
    )
    .map(([sig, http]) => ({ kind: 'http' as const, ...http, ...sig })),
  fc
    .tuple(
      signature,
      fc.uniqueArray(fc.constantFrom('tcp://a:1', 'tcp://10.0.0.1:5562', 'tcp://[::1]:65535'), { minLength: 1 }),
    )
    .map(([sig, urls]) => ({ kind: 'zeromq' as const, urls, ...sig })),
);

describe('GRIP_URL', () => {
  it('is inverse', () => {
    fc.assert(fc.property(endpoint, (parsed) => void expect(parseGripUrl(formatGripUrl(parsed))).toEqual(parsed)));
  });

  it('reads HTTP like @fanoutio/grip', () => {
    const url = 'https://me:s%40cret@api.fanout.io/realm/r/?iss=i&key=base64:ab+/&verify-iss=v&verify-key=k&x=1';
    const theirs = parseGripUri(url.replace('+', '%2B'));
    const ours = parseGripUrl(url);
    expect(ours).toEqual({
      kind: 'http',
      controlUrl: theirs.control_uri,
      issuer: theirs.control_iss,
      key: theirs.key,
      user: theirs.user,
      password: decodeURIComponent(String(theirs.pass)),
      verifyIssuer: theirs.verify_iss,
      verifyKeys: [theirs.verify_key],
    });
  });

  it('reads ZeroMQ ports of several proxies and several keys', () => {
    expect(parseGripUrl('tcp://a:5562,b:5562?verify-key=base64:a+b=&verify-key=two&verify-iss=asgard')).toEqual({
      kind: 'zeromq',
      urls: ['tcp://a:5562', 'tcp://b:5562'],
      verifyIssuer: 'asgard',
      verifyKeys: ['base64:a+b=', 'two'],
    });
  });

  it.each([
    '',
    'pushpin',
    'ftp://x',
    'tcp://',
    'tcp://a',
    'tcp://a:0',
    'tcp://a:70000',
    'tcp://a:1,',
    'tcp://a:1?key=x',
    'tcp://a:1/path',
  ])('refuses %j', (url) => {
    expect(() => parseGripUrl(url)).toThrow(expect.objectContaining({ code: 'invalid_url' }));
  });

  it('does not repeat the URL in the error, because it holds keys', () => {
    expect(() => parseGripUrl('tcp://a?verify-key=secret')).toThrow(/^(?!.*secret)/);
  });
});
