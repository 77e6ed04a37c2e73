export const PACKAGE_MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'] as const;
export type PackageManager = (typeof PACKAGE_MANAGERS)[number];

/** The package manager that started this process, from `npm_config_user_agent`; npm when it cannot be told. */
export function detectPackageManager(userAgent: string | undefined): PackageManager {
  const name = userAgent?.split('/', 1)[0];
  return PACKAGE_MANAGERS.find((candidate) => candidate === name) ?? 'npm';
}

/** Those that can be told to install from their cache alone. */
export const OFFLINE_MANAGERS: readonly PackageManager[] = ['npm', 'pnpm'];

export function installCommand(manager: PackageManager, offline: boolean): readonly [string, ...string[]] {
  return offline ? [manager, 'install', '--offline'] : [manager, 'install'];
}

/** The words that run a script of package.json. */
export function scriptCommand(manager: PackageManager, script: string): string {
  return manager === 'npm' || manager === 'bun' ? `${manager} run ${script}` : `${manager} ${script}`;
}
