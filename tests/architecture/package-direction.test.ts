import { expect, test } from 'vitest';
import { listEntries, loadModules, packageName } from './graph.ts';
import { listPackages } from './workspace.ts';

/** Which of our packages each package may import. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  '@asgard/grip': [],
  '@asgard/heimdall-client': [],
  '@asgard/odin': ['@asgard/grip', '@asgard/heimdall-client'],
  '@asgard/devstack': ['@asgard/grip', '@asgard/heimdall-client'],
  asgard: ['@asgard/devstack', '@asgard/grip', '@asgard/odin'],
  'create-asgard': [],
};

const packages = listPackages();
const ours = new Set(packages.map((pkg) => pkg.manifest.name));
const nameOf = new Map(packages.map((pkg) => [pkg.folder, pkg.manifest.name]));

function listImports(): { from: string; owner: string; specifier: string }[] {
  return loadModules().flatMap((module) =>
    module.imports.map((found) => ({
      from: module.id,
      owner: nameOf.get(module.package) ?? module.package,
      specifier: found.specifier,
    })),
  );
}

test('the rule names every package', () => {
  expect(Object.keys(allowed).sort()).toEqual([...ours].sort());
});

test('imports between packages follow the one direction', () => {
  const wrong = listImports()
    .filter(({ owner, specifier }) => {
      const target = packageName(specifier);
      return ours.has(target) && !allowed[owner]?.includes(target);
    })
    .map(({ from, specifier }) => `${from} imports ${specifier}`);
  expect(wrong).toEqual([]);
});

test('manifests follow the same direction', () => {
  const wrong = packages.flatMap(({ manifest }) =>
    Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
      .filter((name) => ours.has(name) && !allowed[manifest.name]?.includes(name))
      .map((name) => `${manifest.name} depends on ${name}`),
  );
  expect(wrong).toEqual([]);
});

test("nobody reaches into another package's files", () => {
  const entries = listEntries();
  const wrong = listImports()
    .filter(({ from, specifier }) => {
      if (specifier.startsWith('.')) return escapes(from, specifier);
      return ours.has(packageName(specifier)) && !entries.has(specifier) && !specifier.endsWith('/package.json');
    })
    .map(({ from, specifier }) => `${from} imports ${specifier}`);
  expect(wrong).toEqual([]);
});

test('every package that a source file imports is declared, and every declared one is imported', () => {
  const wrong: string[] = [];
  for (const { folder, manifest } of packages) {
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const imported = new Set(
      loadModules(packages.filter((pkg) => pkg.folder === folder))
        .flatMap((module) => module.imports.map((found) => found.specifier))
        .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
        .map(packageName),
    );
    // create-asgard bundles what it uses: its dependencies stand in devDependencies.
    const known = new Set([...declared, ...Object.keys(folder === 'create-asgard' ? devDependencies(manifest) : {})]);
    for (const name of imported) {
      if (!known.has(name) && name !== manifest.name) wrong.push(`${manifest.name} imports undeclared ${name}`);
    }
    // A package also declares what its own dependencies ask for as a peer.
    const peers = packages
      .filter((pkg) => declared.includes(pkg.manifest.name))
      .flatMap((pkg) => Object.keys(pkg.manifest.peerDependencies ?? {}));
    for (const name of declared)
      if (!imported.has(name) && !peers.includes(name)) wrong.push(`${manifest.name} declares unused ${name}`);
  }
  expect(wrong).toEqual([]);
});

function devDependencies(manifest: object): Record<string, string> {
  return 'devDependencies' in manifest ? (manifest.devDependencies as Record<string, string>) : {};
}

/** True when a relative import leaves the src folder of its package. */
function escapes(from: string, specifier: string): boolean {
  const depth = from.split('/').length - 3;
  const ups = specifier.split('/').filter((part) => part === '..').length;
  return ups > depth;
}

test('the escape rule can fail', () => {
  expect(escapes('grip/src/index.ts', '../package.json')).toBe(true);
  expect(escapes('grip/src/wire/hold.ts', '../../../odin/src/index.ts')).toBe(true);
  expect(escapes('grip/src/wire/hold.ts', '../errors.ts')).toBe(false);
});
