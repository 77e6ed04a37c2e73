import { defineConfig } from 'vitest/config';

const resolve = { conditions: ['@asgard/source', 'module', 'node', 'import', 'default'] };

function project(name: string, include: string[], test: Record<string, unknown> = {}) {
  return { resolve, ssr: { resolve }, test: { name, include, environment: 'node', ...test } };
}

/** Suites that start real servers get time to boot and run one file after another. */
const servers = { testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false };

/** Keycloak takes half a minute to start: these run by themselves, with `npm run keycloak` and in CI. */
const keycloak = [
  'tests/contract/heimdall/keycloak.test.ts',
  'tests/contract/infra/realm.test.ts',
  'tests/contract/infra/realm-repair.test.ts',
  'tests/contract/infra/registration.test.ts',
];

/** Wants a real gateway that somebody has started: `npm run gateway`. */
const gateway = ['tests/contract/bifrost/real.test.ts'];

export default defineConfig({
  test: {
    projects: [
      project('unit', ['packages/*/test/**/*.test.ts', 'templates/*/test/**/*.test.ts', 'docs/examples/*.test.ts']),
      project('architecture', ['tests/architecture/**/*.test.ts']),
      project('contract', ['tests/contract/**/*.test.ts'], { ...servers, exclude: [...keycloak, ...gateway] }),
      project('keycloak', keycloak, { ...servers, testTimeout: 120_000, hookTimeout: 300_000 }),
      project('gateway', gateway, servers),
      project('differential', ['tests/differential/**/*.test.ts']),
      project('fuzz', ['tests/fuzz/**/*.test.ts'], { testTimeout: 120_000, teardownTimeout: 30_000 }),
      project('interop', ['tests/interop/**/*.test.ts', 'tests/conformance/**/*.test.ts'], servers),
      project('packaging', ['tests/packaging/**/*.test.ts'], { testTimeout: 120_000 }),
      project('e2e', ['tests/e2e/**/*.test.ts'], {
        ...servers,
        testTimeout: 300_000,
        hookTimeout: 300_000,
        globalSetup: ['tests/e2e/setup.ts'],
      }),
      project('faults', ['tests/faults/**/*.test.ts'], { ...servers, testTimeout: 300_000 }),
    ],
  },
});
