import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BuildContext, type BuildFailure, context, formatMessages, type Metafile } from 'esbuild';

export interface Bundler {
  build(): Promise<Build>;
  /** Takes the next build for a changed one, whatever it is. */
  forget(): void;
  close(): Promise<void>;
}

export type Build =
  | {
      readonly ok: true;
      /** False when the output is what it was, after a change of a comment for example. */
      readonly changed: boolean;
      readonly durationMs: number;
      readonly file: string;
      /** A module that loads the heavy packages which the server imports. */
      readonly preloadFile: string;
      /** Absolute paths of the user's files in it. */
      readonly inputs: readonly string[];
    }
  | { readonly ok: false; readonly message: string; readonly inputs: readonly string[] };

/** Packages worth loading ahead: they take time and do nothing when loaded. */
const PRELOADED = /^(@asgard\/|@modelcontextprotocol\/|zod$|zod\/|zeromq$)/;

/**
 * Bundles the user's own files into one; packages stay imports. Standard decorators are lowered, because Node cannot
 * run them.
 */
export async function createBundler({ directory, entry }: { directory: string; entry: string }): Promise<Bundler> {
  const outDirectory = join(directory, '.asgard', 'dev');
  const file = join(outDirectory, 'server.js');
  await mkdir(outDirectory, { recursive: true });
  const builder = await context({
    absWorkingDir: directory,
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    write: false,
    metafile: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'silent',
  });
  const state: State = {
    builder,
    directory,
    file,
    preloadFile: join(outDirectory, 'preload.js'),
    hash: '',
    inputs: [],
  };
  return {
    build: () => build(state),
    forget: () => {
      state.hash = '';
    },
    close: () => builder.dispose(),
  };
}

interface State {
  readonly builder: BuildContext<{ metafile: true; write: false }>;
  readonly directory: string;
  readonly file: string;
  readonly preloadFile: string;
  hash: string;
  inputs: readonly string[];
}

async function build(state: State): Promise<Build> {
  const started = performance.now();
  try {
    const { outputFiles, metafile } = await state.builder.rebuild();
    const hash = outputFiles.map((output) => output.hash).join();
    const changed = hash !== state.hash;
    state.inputs = Object.keys(metafile.inputs).map((path) => resolve(state.directory, path));
    if (changed) {
      for (const output of outputFiles) await replaceFile(output.path, output.contents);
      await replaceFile(state.preloadFile, preloadModule(metafile));
      state.hash = hash;
    }
    const { file, preloadFile, inputs } = state;
    return { ok: true, changed, durationMs: performance.now() - started, file, preloadFile, inputs };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    // The next good build must restart the server even when it equals the last good one.
    state.hash = '';
    const messages = await formatMessages(error.errors, { kind: 'error', color: false });
    return { ok: false, message: messages.join('\n').trim(), inputs: state.inputs };
  }
}

function preloadModule(metafile: Metafile): string {
  const names = new Set<string>();
  for (const output of Object.values(metafile.outputs)) {
    for (const { path, external } of output.imports) if (external && PRELOADED.test(path)) names.add(path);
  }
  return `await Promise.allSettled([${[...names].map((name) => `import(${JSON.stringify(name)})`).join(', ')}]);\n`;
}

/** A process that starts meanwhile reads the old file or the new one, never half of one. */
async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.next`, content);
  await rename(`${path}.next`, path);
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as { errors?: unknown }).errors);
}
