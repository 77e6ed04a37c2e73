import { describeFlags } from '../infra/kept-flags.ts';
import { adminUrlOf, explainPublic, issuerOf, mcpUrlOf } from '../infra/settings.ts';
import type { Io } from '../io.ts';
import { type InfraContext, printJson } from './infra-context.ts';

/** Whether Keycloak has what the file of the realm says. */
export type RealmReport =
  | { readonly compared: true; readonly changes: readonly string[] }
  | { readonly compared: false; readonly reason: string };

interface UpReport {
  readonly json: boolean;
  readonly realm: RealmReport;
}

/** Says where the stack is, by what it goes, and what comes next. */
export function reportUp({ stack }: InfraContext, { json, realm }: UpReport, io: Io): void {
  const { settings, kept } = stack;
  const urls = { mcp: mcpUrlOf(settings), issuer: issuerOf(settings) };
  const admin = adminUrlOf(settings);
  if (json) {
    const { project, edge, server } = settings;
    printJson(io, { ok: true, project, edge, ...urls, server, kept, heimdall: realm });
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
      ...describeRealm(realm),
      '',
      next,
      '',
    ].join('\n'),
  );
}

function describeRealm(realm: RealmReport): readonly string[] {
  if (realm.compared) return realm.changes.map((change) => `  heimdall: ${change}`);
  return [`  heimdall: not compared with realm.json: ${realm.reason}`];
}
