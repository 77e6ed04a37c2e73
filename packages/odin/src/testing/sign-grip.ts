/** A `Grip-Sig` as a proxy makes it: a JWT with HS256 (RFC 7519), good for an hour. */
export async function signGrip(key: string): Promise<string> {
  const { subtle } = globalThis.crypto;
  const encoder = new TextEncoder();
  const imported = await subtle.importKey('raw', encoder.encode(key), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  const expires = Math.floor(Date.now() / 1_000) + 3_600;
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ iss: 'test', exp: expires })}`;
  return `${signed}.${toBase64Url(new Uint8Array(await subtle.sign('HMAC', imported, encoder.encode(signed))))}`;
}

function encode(value: object): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(value)));
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
