import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type Import, parseImports } from './imports.ts';
import { listPackages, listSources, type Package } from './workspace.ts';

export interface SourceModule {
  /** `grip/src/wire/hold.ts`: package folder, then the path inside it. */
  id: string;
  package: string;
  /** Path relative to the package's src folder. */
  path: string;
  text: string;
  imports: Import[];
}

/** Reads every source file of every package. */
export function loadModules(packages: Package[] = listPackages()): SourceModule[] {
  return packages.flatMap((pkg) =>
    listSources(pkg).map((path) => {
      const text = readFileSync(join(pkg.directory, 'src', path), 'utf8');
      return { id: `${pkg.folder}/src/${path}`, package: pkg.folder, path, text, imports: parseImports(text) };
    }),
  );
}

/** Id of the module that a relative specifier names. */
export function resolveRelative(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier);
}

/** Edges between the files of the same package. */
export function relativeEdges(modules: SourceModule[], includeTypes = true): Map<string, string[]> {
  return new Map(
    modules.map((module) => [
      module.id,
      module.imports
        .filter((found) => found.specifier.startsWith('.') && (includeTypes || !found.typeOnly))
        .map((found) => resolveRelative(module.id, found.specifier)),
    ]),
  );
}

/** Groups of nodes that reach each other (Tarjan), and nodes that point at themselves. */
export function findCycles(edges: Map<string, string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const cycles: string[][] = [];
  function visit(node: string): void {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    stack.push(node);
    onStack.add(node);
    for (const next of edges.get(node) ?? []) {
      if (!edges.has(next)) continue;
      if (!index.has(next)) {
        visit(next);
        low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0));
      } else if (onStack.has(next)) {
        low.set(node, Math.min(low.get(node) ?? 0, index.get(next) ?? 0));
      }
    }
    if (low.get(node) !== index.get(node)) return;
    const group: string[] = [];
    for (let popped = stack.pop(); popped !== undefined; popped = stack.pop()) {
      onStack.delete(popped);
      group.push(popped);
      if (popped === node) break;
    }
    if (group.length > 1 || edges.get(node)?.includes(node)) cycles.push(group.sort());
  }
  for (const node of edges.keys()) if (!index.has(node)) visit(node);
  return cycles;
}

/** Source module ids of the entries in a package's export map, by import name (`@asgard/grip/zeromq`). */
export function listEntries(packages: Package[] = listPackages()): Map<string, string> {
  const entries = new Map<string, string>();
  for (const { folder, manifest } of packages) {
    for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
      const source = typeof target === 'string' ? undefined : target['@asgard/source'];
      if (source !== undefined) entries.set(posix.join(manifest.name, subpath), posix.join(folder, source));
    }
  }
  return entries;
}

export interface Foreign {
  specifier: string;
  /** The files from the entry to the import. */
  trail: string[];
}

/** Packages and built-ins that are loaded when `entry` is loaded, with the way to each. Types and `import()` do not load anything. */
export function findForeign(entry: string, modules: SourceModule[], entries: Map<string, string>): Foreign[] {
  const byId = new Map(modules.map((module) => [module.id, module]));
  const foreign: Foreign[] = [];
  const seen = new Set<string>();
  const queue: string[][] = [[entry]];
  for (let trail = queue.shift(); trail !== undefined; trail = queue.shift()) {
    const id = trail.at(-1) ?? entry;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const found of byId.get(id)?.imports ?? []) {
      if (found.typeOnly || found.dynamic) continue;
      const target = found.specifier.startsWith('.')
        ? resolveRelative(id, found.specifier)
        : entries.get(found.specifier);
      if (target === undefined) foreign.push({ specifier: found.specifier, trail });
      else queue.push([...trail, target]);
    }
  }
  return foreign;
}

/** Name of the package that a bare specifier belongs to. */
export function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}
