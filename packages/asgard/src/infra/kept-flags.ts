/** Flags of `asgard infra up` that stay until another `up` says otherwise, as they were written. */
export interface KeptFlags {
  readonly port?: number;
  readonly edge?: string;
  readonly server?: string;
  /** Names with commas between; `none` for none. */
  readonly profile?: string;
  readonly engine?: string;
}

/** The same before it is known which were given. */
export type GivenFlags = { readonly [Name in keyof KeptFlags]?: KeptFlags[Name] | undefined };

/** Reads the state of a stack. What is not understood is left out: the flag can be given again. */
export function parseKeptFlags(text: string | undefined): KeptFlags {
  const flags = flagsOf(text);
  const word = (name: 'edge' | 'server' | 'profile' | 'engine'): KeptFlags => {
    const value = flags[name];
    return typeof value === 'string' ? { [name]: value } : {};
  };
  return {
    ...(Number.isInteger(flags.port) && { port: Number(flags.port) }),
    ...word('edge'),
    ...word('server'),
    ...word('profile'),
    ...word('engine'),
  };
}

export function formatKeptFlags(flags: KeptFlags): string {
  return `${JSON.stringify({ flags })}\n`;
}

/** Those that were given count before those that were kept. */
export function mergeFlags(kept: KeptFlags, given: GivenFlags): KeptFlags {
  const { port = kept.port, edge = kept.edge, server = kept.server } = given;
  const { profile = kept.profile, engine = kept.engine } = given;
  return {
    ...(port !== undefined && { port }),
    ...(edge !== undefined && { edge }),
    ...(server !== undefined && { server }),
    ...(profile !== undefined && { profile }),
    ...(engine !== undefined && { engine }),
  };
}

/** As they would be typed: `--port 8001 --server host`. */
export function describeFlags(flags: KeptFlags): string {
  return Object.entries(flags)
    .map(([name, value]) => `--${name} ${value}`)
    .join(' ');
}

function flagsOf(text: string | undefined): Partial<Record<keyof KeptFlags, unknown>> {
  try {
    const { flags } = JSON.parse(text ?? '{}') as { flags?: unknown };
    return typeof flags === 'object' && flags !== null ? flags : {};
  } catch {
    return {};
  }
}
