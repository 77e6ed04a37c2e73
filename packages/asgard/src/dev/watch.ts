import { type FSWatcher, watch } from 'node:fs';
import { dirname, join } from 'node:path';

/** Editors write a file in several steps; one save shall be one change. */
const QUIET_MS = 20;

export interface Watcher {
  /** Which files matter from now on. With `anything`, so does every other file in their folders. */
  follow(files: readonly string[], options?: { anything?: boolean }): void;
  close(): void;
}

/** Watches folders, not files: many editors replace a file instead of writing to it. */
export function createWatcher(onChange: () => void): Watcher {
  const watchers = new Map<string, FSWatcher>();
  let followed = new Set<string>();
  let anything = false;
  let timer: NodeJS.Timeout | undefined;

  const changed = (folder: string, name: string | null): void => {
    if (name !== null && !anything && !followed.has(join(folder, name))) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  };
  return {
    follow(files, options = {}) {
      followed = new Set(files);
      anything = options.anything === true;
      const folders = new Set(files.map((file) => dirname(file)));
      for (const [folder, watcher] of watchers) {
        if (folders.has(folder)) continue;
        watcher.close();
        watchers.delete(folder);
      }
      for (const folder of folders) {
        if (watchers.has(folder)) continue;
        const watcher = watch(folder, (_, name) => changed(folder, name));
        // A folder that goes away takes its files along, and the next build says so.
        watcher.on('error', () => watchers.delete(folder));
        watchers.set(folder, watcher);
      }
    },
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
