/**
 * The layers of each package, lowest first. A row lists folders (`wire/`) and files (`errors.ts`) that stand on the same level and do
 * not know each other; an import goes to a lower row or, on the same row, stays in its own folder. The longest entry that fits a file
 * counts, so a file may be put lower or higher than its folder. Every source file must be covered and every entry must cover a file.
 */
export type Layers = readonly (readonly string[])[];

export const layers: Readonly<Record<string, Layers>> = {
  grip: [
    ['errors.ts'],
    ['wire/', 'sse/'],
    ['signature/', 'publish/'],
    ['zeromq/', 'holds/'],
    ['node/'],
    ['node/', 'with-grip.ts'],
    ['index.ts'],
  ],
  'heimdall-client': [
    ['errors.ts', 'json.ts', 'audience.ts', 'signature-algorithm.ts'],
    ['claims.ts', 'compact.ts', 'hash.ts', 'option-rules.ts', 'revocation/revocation.ts'],
    ['claim-names.ts'],
    ['principal.ts'],
    ['client-options.ts', 'dpop/options.ts', 'dpop/replay.ts'],
    ['issuer-options.ts'],
    ['options.ts', 'issuer/'],
    ['revocation/', 'tenant/', 'redis.ts', 'undici.ts'],
    ['cache/', 'strategy/', 'logout/', 'dpop/', 'gateway/', 'registration/'],
    ['verifier.ts', 'exchange/'],
    ['admin/'],
    ['index.ts', 'keycloak-admin.ts'],
  ],
  odin: [
    ['errors.ts'],
    ['option-rules.ts', 'chain.ts'],
    // The words of the protocol: values and types that everything else speaks in.
    [
      'protocol/json.ts',
      'protocol/vocabulary.ts',
      'protocol/cancellation.ts',
      'protocol/notify.ts',
      'protocol/answer.ts',
      'protocol/session.ts',
      'protocol/exchange.ts',
      'protocol/eras.ts',
      'protocol/notifications.ts',
    ],
    [
      'observability/',
      'registry/access.ts',
      'registry/template-pieces.ts',
      'http/message.ts',
      'http/refusal.ts',
      'http/sse.ts',
    ],
    ['cluster/', 'registry/uri-template.ts', 'define/schema-bounds.ts', 'define/schema.ts', 'define/common.ts'],
    ['input/', 'redis/'],
    ['context.ts'],
    ['define/'],
    ['decorators/'],
    ['registry/'],
    ['protocol/'],
    ['auth/', 'middleware/', 'skills/'],
    ['http/'],
    ['hermod/', 'legacy/'],
    ['options.ts', 'declarations.ts'],
    ['server.ts', 'node/'],
    ['stdio/', 'testing/'],
    ['index.ts', 'node.ts', 'stdio.ts', 'testing.ts', 'middleware.ts', 'redis.ts', 'skills.ts', 'vite.ts'],
  ],
  devstack: [
    ['errors.ts'],
    ['http/', 'loopback.ts', 'ports.ts'],
    ['bifrost/', 'hermod/', 'heimdall/'],
    ['start.ts'],
    ['index.ts'],
  ],
  asgard: [
    ['errors.ts', 'paint.ts', 'shell-words.ts', 'node-version.ts', 'open-browser.ts'],
    ['scope.ts', 'usage.ts'],
    ['key-values.ts', 'completion.ts', 'add/', 'client/', 'sign-in/', 'infra/'],
    ['dev/'],
    ['doctor/', 'console/'],
    ['io.ts'],
    ['project.ts'],
    ['commands/', 'command-node.ts'],
    ['common-options.ts'],
    ['infra-tree.ts', 'project-tree.ts'],
    ['command-tree.ts'],
    ['program.ts', 'node-io.ts', 'dev-agent.ts'],
    ['index.ts', 'bin.ts'],
  ],
  'create-asgard': [
    ['errors.ts', 'closest.ts', 'package-name.ts', 'package-manager.ts', 'shell-words.ts', 'io.ts'],
    ['options.ts', 'template.ts', 'git.ts', 'prompts.ts'],
    ['answers.ts', 'node-io.ts'],
    ['plan.ts', 'next-steps.ts'],
    ['write.ts'],
    ['run.ts'],
    ['bin.ts'],
  ],
};

export interface Place {
  entry: string;
  level: number;
}

/** The most specific entry that covers a file. */
export function findPlace(table: Layers, path: string): Place | undefined {
  let best: Place | undefined;
  table.forEach((row, level) => {
    for (const entry of row) {
      const covers = entry === path || (entry.endsWith('/') && path.startsWith(entry));
      if (covers && (best === undefined || entry.length > best.entry.length)) best = { entry, level };
    }
  });
  return best;
}

/** What is wrong with an import between two files of one package; undefined when it goes down or stays in its folder. */
export function judgeImport(table: Layers, from: string, to: string): string | undefined {
  const source = findPlace(table, from);
  const target = findPlace(table, to);
  if (source === undefined || target === undefined) return undefined;
  const together = target.entry === source.entry || folderOf(from) === folderOf(to);
  if (target.level < source.level || (target.level === source.level && together)) return undefined;
  const direction = target.level === source.level ? 'across to' : 'up to';
  return `${from} (${source.entry}) imports ${direction} ${to} (${target.entry})`;
}

/** Files at the root of src do not count as one folder: each of them is a layer of its own. */
function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : path;
}
