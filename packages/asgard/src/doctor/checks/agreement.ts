import { join } from 'node:path';
import { infraFiles } from '../../infra/files.ts';
import { parseKongConfig } from '../../infra/kong/parse.ts';
import { findKongFaults } from '../../infra/kong/rules.ts';
import { issuerOf, mcpUrlOf } from '../../infra/settings.ts';
import type { Stack } from '../../infra/stack.ts';
import { type Check, type DoctorContext, type Finding, failed, ok, skipped } from '../check.ts';

/** Realm, gateway and server must name one issuer and one audience, or every token is refused. */
export const agreementCheck: Check = {
  name: 'agreement',
  run: async (context) => {
    if (!context.started) return skipped('asgard infra up writes the files');
    const { stack } = context;
    const audience = mcpUrlOf(stack.settings);
    const [kong, realm, compose] = await Promise.all(
      ['bifrost/kong.yml', 'heimdall/realm.json', 'compose.yaml'].map((path) => read(context, path)),
    );
    const fix = writeAnew(stack);
    try {
      const [fault] = findKongFaults(parseKongConfig(kong ?? ''), {
        audience,
        maxHoldSeconds: stack.settings.maxHoldSeconds,
      });
      if (fault !== undefined) return failed(`kong.yml: ${fault}`, fix);
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error), fix);
    }
    if (!audiencesOf(realm ?? '').includes(audience)) {
      return failed(`realm.json gives no token the audience ${audience}`, fix);
    }
    if (!(compose ?? '').includes(`KC_HOSTNAME: ${stack.settings.publicUrl}/heimdall`)) {
      return failed(`compose.yaml gives Keycloak another public name than ${stack.settings.publicUrl}`, fix);
    }
    const server = await findServerFault(context, compose ?? '');
    if (server !== undefined) return server;
    const stale = stack.ejected ? [] : await staleFiles(context);
    if (stale.length > 0) return failed(`asgard.json has changed since: ${stale.join(', ')}`, fix);
    return ok(`realm, gateway and server agree on ${audience}`);
  },
};

function writeAnew({ ejected }: Stack): string {
  return ejected
    ? 'Change the file in infra/compose, or asgard.json, so that they agree.'
    : 'Write the files anew: asgard infra up';
}

/** What the server is told: in its container, or by the .env of a server on this machine. */
async function findServerFault(context: DoctorContext, compose: string): Promise<Finding | undefined> {
  const { effects, stack } = context;
  const onHost = stack.settings.server.kind === 'host';
  const text = onHost ? ((await effects.files.read(join(stack.directory, '.env'))) ?? '') : compose;
  const wanted = { ASGARD_URL: mcpUrlOf(stack.settings), ASGARD_ISSUER: issuerOf(stack.settings) };
  for (const [name, value] of Object.entries(wanted)) {
    const [, found] = new RegExp(`^\\s*${name}(?:=|: )["']?([^\\s"']+)`, 'm').exec(text) ?? [];
    if (found === undefined || found === value) continue;
    return failed(
      `${onHost ? '.env' : 'compose.yaml'} gives the server ${name} ${found}; gateway and Keycloak have ${value}`,
      onHost ? 'asgard infra env --show-secrets > .env, then start your server anew' : writeAnew(stack),
    );
  }
  return undefined;
}

/** What Keycloak has made of the file is looked at by the checks "tokens" and "realm". */
async function staleFiles(context: DoctorContext): Promise<readonly string[]> {
  const files = infraFiles(context.stack.settings);
  const written = await Promise.all(files.map(({ path }) => read(context, path)));
  return files.filter(({ content }, at) => written[at] !== content).map(({ path }) => path);
}

function audiencesOf(realm: string): readonly string[] {
  return [...realm.matchAll(/"included\.custom\.audience":\s*"([^"]+)"/g)].map(([, audience = '']) => audience);
}

function read(
  { effects, stack }: { effects: DoctorContext['effects']; stack: Stack },
  path: string,
): Promise<string | undefined> {
  return effects.files.read(join(stack.folder, path));
}
