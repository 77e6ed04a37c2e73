import type { Chain } from './check.ts';

/** Where a server that does not answer says why: that depends on who has started it. */
export function whereToLook({ kind, serverUrl }: Pick<Chain, 'kind' | 'serverUrl'>): string {
  if (kind === 'dev') return 'See the terminal of asgard dev: it says why the server does not run.';
  if (kind === 'url') return 'See the log of that server, and of what stands in front of it.';
  if (serverUrl === undefined) return 'See what runs, and why not: asgard infra status, asgard infra logs odin';
  return 'Your server runs beside the stack: start it with what "asgard infra env --show-secrets" prints. The rest: asgard infra status';
}
