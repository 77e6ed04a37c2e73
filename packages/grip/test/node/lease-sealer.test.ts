import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLeaseSealer } from '../../src/node/index.ts';

const first = 'the first key, which is long enough to be one';
const second = 'base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const scope = 'hold.r.b';
const lease = { scope, expiresAt: 1_700_000_000_000, data: '{"id":7}' };

describe('createLeaseSealer', () => {
  it('opens what it has sealed', () => {
    const sealer = createLeaseSealer({ keys: [first] });
    const leases = fc.record({
      scope: fc.string(),
      expiresAt: fc.nat({ max: 2 ** 48 - 1 }),
      data: fc.string({ unit: 'binary', maxLength: 100 }),
    });
    fc.assert(fc.property(leases, (any) => void expect(sealer.unseal(sealer.seal(any), any.scope)).toEqual(any)));
  });

  it('writes something else each time, fit for a channel name, that tells nothing', () => {
    const sealer = createLeaseSealer({ keys: [first] });
    const tokens = [sealer.seal(lease), sealer.seal(lease)];
    expect(tokens[0]).not.toBe(tokens[1]);
    for (const token of tokens) {
      expect(token).toMatch(/^[\w-]+$/);
      expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('{"id"');
    }
  });

  it('has what all tokens share in front, and no token that another sealer with the same key makes', () => {
    const [one, other] = [createLeaseSealer({ keys: [first] }), createLeaseSealer({ keys: [first] })];
    const tokens = [one.seal(lease), one.seal(lease)];
    expect(tokens[0]?.slice(0, 16)).toBe(tokens[1]?.slice(0, 16));
    expect(tokens[0]?.slice(21)).not.toBe(tokens[1]?.slice(21));
    expect(other.seal(lease).slice(0, 16)).not.toBe(tokens[0]?.slice(0, 16));
    expect(tokens[0]?.length).toBeLessThan(60);
  });

  it('opens with older keys while they are being changed', () => {
    const old = createLeaseSealer({ keys: [first] }).seal(lease);
    expect(createLeaseSealer({ keys: [second, first] }).unseal(old, scope)).toEqual(lease);
    expect(createLeaseSealer({ keys: [second] }).unseal(old, scope)).toBeUndefined();
    expect(
      createLeaseSealer({ keys: [first] }).unseal(createLeaseSealer({ keys: [second, first] }).seal(lease), scope),
    ).toBeUndefined();
  });

  it('does not open leases of another purpose or for another scope', () => {
    const token = createLeaseSealer({ keys: [first] }).seal(lease);
    expect(createLeaseSealer({ keys: [first] }).unseal(token, 'hold.r.c')).toBeUndefined();
    expect(createLeaseSealer({ keys: [first], purpose: 'other' }).unseal(token, scope)).toBeUndefined();
  });

  it('does not open what was changed in any place', () => {
    const sealer = createLeaseSealer({ keys: [first] });
    const bytes = Buffer.from(sealer.seal(lease), 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(sealer.unseal(changed.toString('base64url'), scope)).toBeUndefined();
      expect(sealer.unseal(bytes.subarray(0, at).toString('base64url'), scope)).toBeUndefined();
    }
    for (const token of ['', 'x', '../x', 'a'.repeat(10_000)]) expect(sealer.unseal(token, scope)).toBeUndefined();
  });

  it('refuses no key, a short key and long data', () => {
    expect(() => createLeaseSealer({ keys: [] })).toThrow(expect.objectContaining({ code: 'bad_option' }));
    expect(() => createLeaseSealer({ keys: ['short'] })).toThrow(expect.objectContaining({ code: 'invalid_key' }));
    const { seal } = createLeaseSealer({ keys: [first] });
    expect(() => seal({ ...lease, data: 'x'.repeat(600) })).toThrow(
      expect.objectContaining({ code: 'value_too_long' }),
    );
  });
});
