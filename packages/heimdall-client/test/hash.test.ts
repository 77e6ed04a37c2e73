import { afterEach, expect, test, vi } from 'vitest';
import { systemSha256 } from '../src/hash.ts';

afterEach(() => vi.unstubAllGlobals());

test('is SHA-256 (FIPS 180-4 example)', () => {
  expect(systemSha256()('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
});

test.each([
  ['no process', undefined],
  ['no built-in modules', {}],
  ['no crypto', { getBuiltinModule: () => undefined }],
  ['no one-shot hash', { getBuiltinModule: () => ({}) }],
])('says what to do where there is %s', (_name, process) => {
  vi.stubGlobal('process', process);
  expect(() => systemSha256()).toThrow(
    expect.objectContaining({ code: 'bad_option', message: expect.stringContaining('"hash"') }),
  );
});
