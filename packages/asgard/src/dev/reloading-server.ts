import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Build, Bundler } from './bundle.ts';
import type { DevEvent } from './event.ts';
import { parseExchange } from './exchange.ts';
import { waitForPort } from './port.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';
import { createWatcher, type Watcher } from './watch.ts';

export interface ReloadingServerOptions {
  /** The project: absolute, the working folder of the server. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onEvent: (event: DevEvent) => void;
  /** Milliseconds that an ending server has to finish what it does. @default 3000 */
  readonly graceMs?: number;
  /** Milliseconds after which a server that does not listen is mentioned. @default 5000 */
  readonly silenceMs?: number;
}

/** The server's life: at most one process runs and one waits for its turn. */
export class ReloadingServer {
  environment: Readonly<Record<string, string>> = {};
  readonly #options: ReloadingServerOptions;
  readonly #bundler: Bundler;
  readonly #port: number;
  readonly #watcher: Watcher;
  readonly #closing = new AbortController();
  readonly #ending = new Set<Promise<void>>();
  #current: ServerProcess | undefined;
  #standby: { process: ServerProcess; dependencies: number } | undefined;
  #working: Promise<void> | undefined;
  #again = false;
  #waiting: AbortController | undefined;
  #built: Build | undefined;
  #everListened = false;

  constructor(options: ReloadingServerOptions, bundler: Bundler, port: number) {
    this.#options = options;
    this.#bundler = bundler;
    this.#port = port;
    this.#watcher = createWatcher(() => void this.change());
  }

  /** Builds, and lets a process load its packages while the stack starts. */
  async prepare(): Promise<void> {
    this.#built = await this.#bundler.build();
    if (this.#built.ok) await this.#fillStandby(this.#built);
  }

  /** Brings the running server up to date with the files. Calls while it works lead to one more round. */
  change(): Promise<void> {
    if (this.#working !== undefined) {
      this.#again = true;
      this.#waiting?.abort();
      return this.#working;
    }
    this.#working = this.#rounds().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  async measure(): Promise<number> {
    return (await this.#current?.measure()) ?? 0;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#watcher.close();
    this.#endAll();
    await this.#working;
    this.#endAll();
    await Promise.all(this.#ending);
    await this.#bundler.close();
  }

  async #rounds(): Promise<void> {
    do {
      this.#again = false;
      await this.#round();
    } while (this.#again && !this.#closing.signal.aborted);
  }

  async #round(): Promise<void> {
    const started = performance.now();
    const build = this.#built ?? (await this.#bundler.build());
    this.#built = undefined;
    if (this.#closing.signal.aborted) return;
    this.#watcher.follow(build.inputs, { anything: !build.ok });
    if (!build.ok) {
      this.#options.onEvent({ kind: 'build-failed', message: build.message });
      return;
    }
    if (!build.changed && this.#current?.running === true) return;
    if (this.#current !== undefined) await this.#silence(this.#current);
    const next = await this.#takeStandby(build);
    if (this.#closing.signal.aborted) return;
    this.#current = next;
    next.start(this.environment);
    if (await this.#listens(next)) {
      this.#options.onEvent({
        kind: 'listening',
        durationMs: performance.now() - started,
        restart: this.#everListened,
      });
      this.#everListened = true;
      await this.#fillStandby(build);
    }
  }

  /** Ends a process and returns as soon as its port is free, which may be long before its last request is answered. */
  async #silence(old: ServerProcess): Promise<void> {
    this.#current = undefined;
    const free = new AbortController();
    this.#end(old);
    await Promise.race([old.exited, waitForPort(this.#port, { listening: false, signal: free.signal })]);
    free.abort();
  }

  async #listens(next: ServerProcess): Promise<boolean> {
    const waiting = new AbortController();
    this.#waiting = waiting;
    void next.exited.then((exitCode) => {
      waiting.abort();
      if (this.#current !== next || this.#closing.signal.aborted) return;
      this.#current = undefined;
      this.#bundler.forget();
      this.#options.onEvent({ kind: 'crashed', exitCode });
    });
    const timer = setTimeout(
      () => this.#options.onEvent({ kind: 'silent', port: this.#port }),
      this.#options.silenceMs ?? 5000,
    );
    const signal = AbortSignal.any([waiting.signal, this.#closing.signal]);
    const listening = await waitForPort(this.#port, { listening: true, signal });
    clearTimeout(timer);
    this.#waiting = undefined;
    return listening;
  }

  async #takeStandby(build: Build & { ok: true }): Promise<ServerProcess> {
    const standby = this.#standby;
    this.#standby = undefined;
    if (standby?.process.running === true) {
      if (standby.dependencies === (await readDependencyTime(this.#options.directory))) return standby.process;
      this.#end(standby.process);
    }
    return this.#createProcess(build);
  }

  async #fillStandby(build: Build & { ok: true }): Promise<void> {
    const dependencies = await readDependencyTime(this.#options.directory);
    if (this.#closing.signal.aborted || this.#standby !== undefined) return;
    this.#standby = { process: this.#createProcess(build), dependencies };
  }

  #createProcess({ file, preloadFile }: Build & { ok: true }): ServerProcess {
    const { directory, env, onEvent } = this.#options;
    return createServerProcess({
      directory,
      file,
      preloadFile,
      env,
      onOutput: (stream, text) => onEvent({ kind: 'output', stream, text }),
      onExchange: (value) => {
        const exchange = parseExchange(value);
        if (exchange !== undefined) onEvent({ kind: 'exchange', exchange });
      },
    });
  }

  #endAll(): void {
    if (this.#current !== undefined) this.#end(this.#current);
    if (this.#standby !== undefined) this.#end(this.#standby.process);
    this.#current = undefined;
    this.#standby = undefined;
  }

  #end(process: ServerProcess): void {
    const ended = process.stop(this.#options.graceMs ?? 3000).finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}

const INSTALL_MARKS = ['.package-lock.json', '.modules.yaml', '.yarn-state.yml', '.yarn-integrity'];

/** When dependencies were last installed: a process that loaded older ones must not be used. */
async function readDependencyTime(directory: string): Promise<number> {
  const times = await Promise.all(
    INSTALL_MARKS.map((mark) =>
      stat(join(directory, 'node_modules', mark)).then(
        (found) => found.mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(...times);
}
