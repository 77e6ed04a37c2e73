import { AsgardError } from '../errors.ts';
import { gripUrl } from '../infra/compose/odin.ts';
import type { InfraEffects } from '../infra/effects.ts';
import { odinOrigin } from '../infra/kong/render.ts';
import type { Secrets } from '../infra/secrets.ts';
import { type InfraSettings, issuerOf, mcpUrlOf } from '../infra/settings.ts';
import { readSecrets, verifyWritten } from '../infra/stack.ts';
import { formatToolRules } from '../infra/tool-rules.ts';
import type { Io } from '../io.ts';
import { type InfraFlags, openInfra } from './infra-context.ts';

export interface InfraEnvFlags extends InfraFlags {
  readonly format?: string;
  readonly showSecrets?: boolean;
}

const HIDDEN = '********';

/** The environment of a server that runs on this machine, beside the stack. Secrets are hidden unless asked for. */
export async function infraEnv(flags: InfraEnvFlags, io: Io): Promise<number> {
  const format = parseFormat(flags.format ?? (flags.json === true ? 'json' : undefined));
  const { effects, stack, engine } = await openInfra(flags, io);
  await verifyWritten(effects, stack);
  const secrets = await readSecrets(effects, stack);
  const show = (name: keyof Secrets): string => (flags.showSecrets === true ? (secrets[name] ?? '') : HIDDEN);
  const host = await listenAddress(effects, engine);
  io.stdout.write(format(serverEnvironment(stack.settings, { show, host })));
  return 0;
}

interface EnvironmentParts {
  readonly show: (name: keyof Secrets) => string;
  readonly host: string;
}

function serverEnvironment(settings: InfraSettings, { show, host }: EnvironmentParts): Record<string, string> {
  const { server, ports } = settings;
  const toolRules = formatToolRules(settings.tools);
  return {
    PORT: String(server.kind === 'host' ? server.port : 8080),
    HOST: host,
    ASGARD_URL: mcpUrlOf(settings),
    ASGARD_ISSUER: issuerOf(settings),
    ...(toolRules === undefined ? {} : { ASGARD_TOOL_RULES: toolRules }),
    ASGARD_SECRETS: show('ASGARD_SEAL_KEY'),
    ASGARD_ODIN_SECRET: show('ASGARD_ODIN_SECRET'),
    ...(settings.links === 'absolute' ? { ASGARD_ADVERTISE: odinOrigin(server) } : {}),
    GRIP_URL: gripUrl(`127.0.0.1:${ports.publish}`, show('ASGARD_GRIP_KEY')),
    REDIS_URL: `redis://:${show('ASGARD_STORE_PASSWORD')}@127.0.0.1:${ports.store}`,
  };
}

/**
 * Where containers reach a program of this machine: on Linux the address of the engine's bridge, which nobody outside reaches; with Docker
 * Desktop and on other systems the loopback.
 */
async function listenAddress(effects: InfraEffects, engine: string | undefined): Promise<string> {
  if (effects.platform !== 'linux') return '127.0.0.1';
  const program = engine ?? 'docker';
  const network = program === 'podman' ? 'podman' : 'bridge';
  const { exitCode, stdout } = await effects.run(program, ['network', 'inspect', network]);
  const gateway = exitCode === 0 ? /"[Gg]ateway":\s*"(\d+\.\d+\.\d+\.\d+)"/.exec(stdout)?.[1] : undefined;
  return gateway ?? '127.0.0.1';
}

type Format = (variables: Readonly<Record<string, string>>) => string;

function parseFormat(name = 'dotenv'): Format {
  const lines =
    (prefix: string, quote: (text: string) => string): Format =>
    (variables) =>
      Object.entries(variables)
        .map(([key, value]) => `${prefix}${key}=${quote(value)}\n`)
        .join('');
  if (name === 'dotenv') return lines('', (text) => text);
  if (name === 'shell') return lines('export ', (text) => `'${text.replaceAll("'", "'\\''")}'`);
  if (name === 'json') return (variables) => `${JSON.stringify(variables, undefined, 2)}\n`;
  throw new AsgardError('usage', `--format ${name} is not one of dotenv, json, shell.`);
}
