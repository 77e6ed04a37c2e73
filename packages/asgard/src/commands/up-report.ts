import { describeFlags } from '../infra/kept-flags.ts';
import { adminUrlOf, explainPublic, issuerOf, mcpUrlOf } from '../infra/settings.ts';
import type { Io } from '../io.ts';
import { type InfraContext, type InfraFlags, printJson } from './infra-context.ts';

/** Says where the stack is, by what it goes, and what comes next. */
export function reportUp({ stack }: InfraContext, flags: InfraFlags, io: Io): void {
  const { settings, kept } = stack;
  const urls = { mcp: mcpUrlOf(settings), issuer: issuerOf(settings) };
  const admin = adminUrlOf(settings);
  if (flags.json === true) {
    const { project, edge, server } = settings;
    printJson(io, { ok: true, project, edge, ...urls, server, kept });
    return;
  }
  const keptFlags = describeFlags(kept);
  const next =
    settings.server.kind === 'host'
      ? 'Start your server with these settings:  eval "$(asgard infra env --format shell --show-secrets)" && npm start'
      : 'Look at it:  asgard infra status';
  io.stdout.write(
    [
      `  MCP     ${urls.mcp}`,
      `  issuer  ${urls.issuer}`,
      admin === undefined
        ? `  admin   not reachable through the entrance: ${explainPublic(settings)}`
        : `  admin   ${admin}`,
      ...(keptFlags === '' ? [] : [`  kept    ${keptFlags}  (of an earlier up; asgard infra up --forget drops them)`]),
      ...(settings.demoUsers || admin !== undefined ? [] : ['  No demo users, for the same reason.']),
      '',
      next,
      '',
    ].join('\n'),
  );
}
