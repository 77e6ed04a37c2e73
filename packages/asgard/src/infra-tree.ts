import type { CommandNode, OptionNode } from './command-node.ts';
import { JSON_FLAG, parsePort, parseSeconds, parseUrl } from './common-options.ts';

const ENGINE: OptionNode = {
  flags: '--engine <name>',
  description: 'docker or podman (default: ASGARD_ENGINE, that of an earlier up, or the first that works)',
};
const PORT: OptionNode = {
  flags: '-p, --port <number>',
  description: 'public port (default: that of an earlier up, of asgard.json, or 7999)',
  parse: parsePort(1),
};
const EDGE: OptionNode = { flags: '--edge <name>', description: 'what clients reach: hermod (default) or bifrost' };
const SERVER: OptionNode = {
  flags: '--server <place>',
  description: 'where the MCP server runs: container (default with a Dockerfile) or host',
};
const SETTINGS = [PORT, EDGE, SERVER];

/** `asgard infra …` */
export const INFRA: CommandNode = {
  name: 'infra',
  summary: 'run the real stack in containers: Pushpin, Kong, Keycloak, Valkey and the server',
  options: [],
  commands: [
    {
      name: 'up',
      summary: 'start, repair or change the stack, and wait until it is healthy',
      options: [
        ...SETTINGS,
        {
          flags: '--profile <names>',
          description: 'also start: inspector, observability (with commas between), or none',
        },
        { flags: '--forget', description: 'drop the flags of an earlier up, which stay otherwise' },
        { flags: '--no-wait', description: 'do not wait until everything is healthy' },
        { flags: '--timeout <seconds>', description: 'how long to wait', fallback: 180, parse: parseSeconds },
        { flags: '--pull <when>', description: 'fetch images: missing (default), always, never' },
        ENGINE,
        JSON_FLAG,
      ],
      run: async (_, flags, io) => (await import('./commands/infra-up.ts')).infraUp(flags as never, io),
    },
    {
      name: 'down',
      summary: 'stop the stack and keep its data',
      options: [{ flags: '--volumes', description: 'delete all data too' }, ENGINE, JSON_FLAG],
      run: async (_, flags, io) => (await import('./commands/infra-down.ts')).infraDown(flags as never, io),
    },
    {
      name: 'status',
      summary: 'show the state of every service',
      options: [{ flags: '-w, --watch', description: 'again every two seconds' }, ENGINE, JSON_FLAG],
      run: async (_, flags, io) => (await import('./commands/infra-status.ts')).infraStatus(flags as never, io),
    },
    {
      name: 'logs',
      summary: 'print what services say',
      arguments: [['[service...]', 'which (default: all)']],
      options: [
        { flags: '-f, --follow', description: 'go on until Ctrl-C' },
        { flags: '--since <time>', description: 'from then on: 10m, 2026-01-31T12:00:00Z' },
        ENGINE,
        { flags: '--json', description: 'print one JSON object a line' },
      ],
      run: async (words, flags, io) => (await import('./commands/infra-logs.ts')).infraLogs(words, flags as never, io),
    },
    {
      name: 'reset',
      summary: 'stop the stack, delete its data, make new secrets',
      options: [{ flags: '-y, --yes', description: 'do not ask' }, ENGINE, JSON_FLAG],
      run: async (_, flags, io) => (await import('./commands/infra-down.ts')).infraReset(flags as never, io),
    },
    {
      name: 'open',
      summary: 'open a page of the stack',
      arguments: [['[page]', 'inspector (default), admin, grafana, gateway']],
      options: [JSON_FLAG],
      run: async ([page], flags, io) => (await import('./commands/infra-open.ts')).infraOpen(page, flags as never, io),
    },
    {
      name: 'env',
      summary: 'print the environment of a server that runs on this machine',
      options: [
        { flags: '--format <name>', description: 'dotenv (default), json or shell' },
        { flags: '--show-secrets', description: 'with keys and passwords' },
        ENGINE,
        JSON_FLAG,
      ],
      run: async (_, flags, io) => (await import('./commands/infra-env.ts')).infraEnv(flags as never, io),
    },
    {
      name: 'config',
      summary: 'print the files of the stack',
      options: [
        { flags: '--file <path>', description: 'only this one, such as bifrost/kong.yml' },
        { flags: '--resolved', description: 'the compose file as the engine understands it, with secrets' },
        ...SETTINGS,
        ENGINE,
        JSON_FLAG,
      ],
      run: async (_, flags, io) => (await import('./commands/infra-files.ts')).infraConfig(flags as never, io),
    },
    {
      name: 'headers',
      summary: "note the headers that a server's tools ask for (x-mcp-header) in asgard.json, for the CORS rules",
      options: [
        { flags: '--url <url>', description: 'MCP endpoint to ask (default: the running asgard dev)', parse: parseUrl },
        { flags: '--user <name>', description: 'as that user of asgard dev (default: the first)' },
        { flags: '--token <token>', description: 'access token for it (default: ASGARD_TOKEN, or sign in)' },
        JSON_FLAG,
      ],
      run: async (_, flags, io) => (await import('./commands/infra-headers.ts')).infraHeaders(flags as never, io),
    },
    {
      name: 'eject',
      summary: 'copy the files of the stack into infra/compose, to change them',
      options: [...SETTINGS, JSON_FLAG],
      run: async (_, flags, io) => (await import('./commands/infra-files.ts')).infraEject(flags as never, io),
    },
  ],
};

/** `asgard doctor` */
export const DOCTOR: CommandNode = {
  name: 'doctor',
  summary: 'look for what is wrong, and say how to put it right',
  options: [
    {
      flags: '--url <url>',
      description: 'MCP endpoint to look at (default: the running asgard dev, or asgard infra)',
      parse: parseUrl,
    },
    { flags: '--token <token>', description: 'access token for it (default: ASGARD_TOKEN, or sign in)' },
    ENGINE,
    JSON_FLAG,
  ],
  run: async (_, flags, io) => (await import('./commands/doctor.ts')).doctor(flags as never, io),
};
