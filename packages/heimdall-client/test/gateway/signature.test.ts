import { expect, test } from 'vitest';
import { normalizeGateway } from '../../src/gateway/options.ts';
import { createSignatureVerifier, formatGatewaySignature } from '../../src/gateway/signature.ts';
import { createClock, issuer, start } from '../support/issuer.ts';

const [oldKey, newKey] = ['o'.repeat(43), 'n'.repeat(43)];
const request = { method: 'POST', target: '/mcp?a=1', userinfo: 'e30=' };
let count = 0;

function sign(change: object = {}, key = oldKey): Promise<string> {
  count += 1;
  return formatGatewaySignature(key, { ...request, at: start, nonce: `nonce-of-a-test-${count}`, ...change });
}

function setup(options: object = {}) {
  const clock = createClock();
  const { proof } = normalizeGateway({
    dangerouslyIgnoreAudience: true,
    issuer,
    proof: { kind: 'hmac', keys: [oldKey, newKey], ...options },
  });
  if (proof.kind !== 'hmac') throw new Error('The proof is of another kind.');
  return { clock, verifier: createSignatureVerifier(proof, { clockToleranceSeconds: 5, now: clock.now }) };
}

test('each of the keys counts, and each signature once', async () => {
  const { verifier } = setup();
  const signature = await sign();
  await verifier.verify(signature, request);
  await verifier.verify(await sign({}, newKey), request);
  await expect(verifier.verify(signature, request)).rejects.toMatchObject({ code: 'token_invalid', status: 401 });
});

test.each([
  ['method', { method: 'GET' }],
  ['target', { target: '/mcp' }],
  ['userinfo', { userinfo: 'e30' }],
])('another %s is not what was signed', async (_name, change) => {
  const outcome = setup().verifier.verify(await sign(), { ...request, ...change });
  await expect(outcome).rejects.toMatchObject({ code: 'token_invalid' });
});

test.each([start - 36, start + 6])('signed at %i: not now', async (at) => {
  await expect(setup().verifier.verify(await sign({ at }), request)).rejects.toMatchObject({ code: 'token_invalid' });
});

test('another key, a changed time, and garbage', async () => {
  const { verifier } = setup();
  const signature = await sign();
  const bad = [undefined, '', 'x', await sign({}, 'x'.repeat(43)), signature.replace(`t=${start}`, `t=${start + 1}`)];
  for (const value of [...bad, `${signature}, ${signature}`, signature.slice(0, -1)]) {
    await expect(verifier.verify(value, request)).rejects.toMatchObject({ code: 'token_invalid' });
  }
  await verifier.verify(signature, request);
});

test('a full memory refuses instead of forgetting', async () => {
  const { verifier } = setup({ maxProofs: 1 });
  await verifier.verify(await sign(), request);
  await expect(verifier.verify(await sign(), request)).rejects.toMatchObject({ code: 'unavailable' });
});
