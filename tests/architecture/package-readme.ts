import type { Manifest } from './workspace.ts';

/** Run-time dependencies for which the README gives no reason: one list item or table row that names it and goes on. */
export function findUnexplained(manifest: Manifest, readme: string): string[] {
  const lines = readme.split('\n').filter((line) => /^\s*[-*|]/.test(line));
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
    (name) =>
      !lines.some((line) => line.includes(`\`${name}\``) && line.replace(/\W+/g, ' ').trim().length > name.length + 15),
  );
}
