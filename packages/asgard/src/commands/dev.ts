import { join } from 'node:path';
import type { Console } from '../console/console.ts';
import { createFeed, type Feed } from '../console/feed.ts';
import { DEV_ENV_FILE, DEV_FILE, formatDevEnvironment, formatDevFile } from '../dev/dev-file.ts';
import type { DevEvent } from '../dev/event.ts';
import { formatBanner, formatDevEvent, formatExchange, formatRefusal } from '../dev/screen.ts';
import type { DevSession } from '../dev/session.ts';
import { AsgardError } from '../errors.ts';
import type { InfraSettings } from '../infra/settings.ts';
import type { Io } from '../io.ts';
import { createPaint, type Paint } from '../paint.ts';
import { findProject, type Project, readRunning } from '../project.ts';

export interface DevFlags {
  readonly port: number;
  readonly json?: boolean;
  /** False with `--no-console`. */
  readonly console: boolean;
}

/** From the public port to the console's. */
const CONSOLE_DISTANCE = 1000;

const DEFAULT_ENTRIES = ['src/main.ts', 'src/main.js', 'main.ts', 'main.js'];

/** Runs the server behind the development stack until Ctrl-C. */
export async function dev(entry: string | undefined, flags: DevFlags, io: Io): Promise<number> {
  const project = await findProject(io);
  const running = await readRunning(io, project.directory);
  if (running !== undefined) {
    throw new AsgardError(
      'already_running',
      `asgard dev already runs here at ${running.mcpUrl} (process ${running.pid}). End it first.`,
    );
  }
  const screen = createScreen(io, flags, project);
  const feed = flags.console ? createFeed(() => io.now().getTime()) : undefined;
  const session = await io.startDevSession({
    directory: project.directory,
    entry: await findEntry(entry, project, io),
    port: flags.port,
    settings: await readSettings(project, io),
    env: io.env,
    onEvent: (event) => {
      screen.show(event);
      feed?.development(event);
    },
    ...(feed !== undefined && { onTraffic: feed.traffic }),
  });
  let page: Console | undefined;
  try {
    if (feed !== undefined) page = await openConsole(feed, session, project, io);
    const shown: Shown = { ...session, consoleUrl: page?.url };
    await writeDevFile(shown, project, io);
    screen.open(shown);
    await interrupted(io.interrupted);
  } finally {
    // At once: Ctrl-C in a terminal reaches the server's process too, and its end is no crash then.
    const closed = [page?.close(), session.close()];
    const removed = [DEV_FILE, DEV_ENV_FILE].map((file) => io.files.remove(join(project.directory, file)));
    await Promise.all([...closed, ...removed]);
  }
  return 130;
}

/** Beside the public port, not behind it: what is forwarded from there to other machines must not lead here. */
function openConsole(feed: Feed, { stack }: DevSession, { name }: Project, io: Io): Promise<Console> {
  const publicPort = Number(new URL(stack.url).port);
  return io.startConsole({
    ...{ feed, name, stack, version: io.version },
    port: publicPort + CONSOLE_DISTANCE <= 65_535 ? publicPort + CONSOLE_DISTANCE : 0,
    signIn: ({ username, password }) => io.signIn({ issuer: stack.issuer, mcpUrl: stack.mcpUrl, username, password }),
  });
}

async function findEntry(entry: string | undefined, { directory }: Project, io: Io): Promise<string> {
  const candidates = entry === undefined ? DEFAULT_ENTRIES : [entry];
  for (const candidate of candidates) {
    if ((await io.files.read(join(directory, candidate))) !== undefined) return candidate;
  }
  throw new AsgardError(
    'entry_missing',
    `There is no ${candidates[0]} in ${directory}. Name the file that starts the server: npx asgard dev FILE`,
  );
}

/** The schema of the settings is loaded only for `asgard dev` itself. */
async function readSettings({ directory }: Project, io: Io): Promise<InfraSettings> {
  const { developmentSettings } = await import('../dev/settings.ts');
  return developmentSettings(await io.files.read(join(directory, 'asgard.json')));
}

async function writeDevFile({ stack, serverUrl, consoleUrl }: Shown, { directory }: Project, io: Io): Promise<void> {
  const { url, mcpUrl, issuer, users, environment } = stack;
  const { GRIP_URL: gripUrl } = environment;
  // The folder keeps itself out of the repository.
  await io.files.writePrivate(join(directory, '.asgard', '.gitignore'), '*\n');
  await io.files.writePrivate(
    join(directory, DEV_FILE),
    formatDevFile({
      ...{ pid: io.pid, url, mcpUrl, issuer, serverUrl, users },
      ...(gripUrl !== undefined && { gripUrl }),
      ...(consoleUrl !== undefined && { consoleUrl }),
    }),
  );
  await io.files.writePrivate(join(directory, DEV_ENV_FILE), formatDevEnvironment(environment));
}

type Shown = Pick<DevSession, 'stack' | 'serverUrl'> & { readonly consoleUrl: string | undefined };

interface Screen {
  open(session: Shown): void;
  show(event: DevEvent): void;
}

/** What happens before the banner is shown after it: the server may be faster than the stack's last step. */
function createScreen(io: Io, flags: DevFlags, project: Project): Screen {
  if (flags.json === true) return createJsonScreen(io);
  const paint = createPaint(usesColor(io));
  const early: DevEvent[] = [];
  let opened = false;
  return {
    open({ stack, consoleUrl }) {
      io.stdout.write(
        formatBanner({ version: io.version, name: project.name, stack, consoleUrl, wantedPort: flags.port }, paint),
      );
      opened = true;
      for (const event of early) showLine(event, paint, io);
    },
    show(event) {
      if (opened) showLine(event, paint, io);
      else early.push(event);
    },
  };
}

function showLine(event: DevEvent, paint: Paint, io: Io): void {
  const place = { at: io.now(), paint, columns: io.stdout.columns };
  if (event.kind === 'output') io[event.stream].write(event.text);
  else if (event.kind === 'exchange') io.stdout.write(formatExchange(event.exchange, place));
  else if (event.kind === 'refusal') io.stdout.write(formatRefusal(event.refusal, place));
  else {
    const text = formatDevEvent(event, paint);
    if (text !== undefined) io.stdout.write(text);
  }
}

/** One JSON object a line, for programs. */
function createJsonScreen(io: Io): Screen {
  const print = (value: unknown): void => io.stdout.write(`${JSON.stringify(value)}\n`);
  return {
    open({ stack: { url, mcpUrl, issuer, users }, serverUrl, consoleUrl }) {
      print({ kind: 'started', url, mcpUrl, issuer, serverUrl, consoleUrl, users });
    },
    show: print,
  };
}

function usesColor(io: Io): boolean {
  if (io.env.NO_COLOR !== undefined && io.env.NO_COLOR !== '') return false;
  if (io.env.FORCE_COLOR !== undefined && io.env.FORCE_COLOR !== '0') return true;
  return io.stdout.isTTY;
}

function interrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
