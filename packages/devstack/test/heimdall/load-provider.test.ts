import { expect, test, vi } from 'vitest';
import { loadProvider } from '../../src/heimdall/load-provider.ts';

test('loads the library without its notice about Node 20, and leaves the console as it was', async () => {
  const output: Pick<Console, 'warn'> = console;
  const warn = vi.spyOn(output, 'warn').mockImplementation(() => undefined);
  const mine = output.warn;
  const loading = loadProvider();
  output.warn('somebody else');
  expect(await loading).toMatchObject({ Provider: expect.any(Function) });
  expect(output.warn).toBe(mine);
  expect(warn.mock.calls).toEqual([['somebody else']]);
  warn.mockRestore();
});
