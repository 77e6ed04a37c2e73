/** Where Odin reports what only the operator may see. Compatible with pino, winston and `console`. */
export interface Logger {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** One JSON line per entry on standard error, so that standard output stays free for stdio servers. */
export function createStderrLogger(now: () => number = Date.now): Logger {
  const write = (level: string, fields: Readonly<Record<string, unknown>>, message: string): void => {
    // biome-ignore lint/suspicious/noConsole: the default logger is where standard error is written, on every runtime
    globalThis.console.error(
      JSON.stringify({ time: new Date(now()).toISOString(), level, message, ...printable(fields) }),
    );
  };
  return {
    error: (fields, message) => write('error', fields, message),
    warn: (fields, message) => write('warn', fields, message),
  };
}

function printable(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, printableValue(value)]));
}

/** Handlers throw anything, also what cannot be written or throws when it is read. */
function printableValue(value: unknown): unknown {
  try {
    if (value instanceof Error) return describe(value);
    return JSON.stringify(value) === undefined ? String(value) : value;
  } catch {
    return `a ${typeof value} that cannot be written`;
  }
}

/** Causes below this are left out; a chain of them may be a circle. */
const MAX_CAUSES = 5;

function describe(error: Error, depth = 0): string {
  const cause =
    error.cause instanceof Error && depth < MAX_CAUSES ? `\ncaused by ${describe(error.cause, depth + 1)}` : '';
  return `${error.stack ?? `${error.name}: ${error.message}`}${cause}`;
}
