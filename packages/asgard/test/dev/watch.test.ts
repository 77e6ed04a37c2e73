import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWatcher, type Watcher } from '../../src/dev/watch.ts';

let directory: string;
let watcher: Watcher;
let changes: number;
let next: PromiseWithResolvers;

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  resolve(): void;
}

function createSignal(): PromiseWithResolvers {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'asgard-watch-'));
  changes = 0;
  next = createSignal();
  watcher = createWatcher(() => {
    changes += 1;
    next.resolve();
    next = createSignal();
  });
});
afterEach(() => {
  watcher.close();
  rmSync(directory, { recursive: true, force: true });
});

test('a save in several steps is one change, and a replaced file is still watched', async () => {
  const file = join(directory, 'a.ts');
  writeFileSync(file, '1');
  watcher.follow([file]);
  const first = next.promise;
  writeFileSync(file, '');
  writeFileSync(file, '2');
  await first;
  const second = next.promise;
  writeFileSync(`${file}.swap`, '3');
  renameSync(`${file}.swap`, file);
  await second;
  expect(changes).toBe(2);
});

test('other files count only when anything may help', async () => {
  const file = join(directory, 'a.ts');
  writeFileSync(file, '1');
  watcher.follow([file]);
  const change = next.promise;
  writeFileSync(join(directory, 'b.ts'), '1');
  writeFileSync(file, '2');
  await change;
  expect(changes).toBe(1);
  watcher.follow([file], { anything: true });
  const other = next.promise;
  writeFileSync(join(directory, 'c.ts'), '1');
  await other;
  expect(changes).toBe(2);
});
