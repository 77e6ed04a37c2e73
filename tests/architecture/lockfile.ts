interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface Lock {
  packages: Record<string, LockEntry>;
}

export interface MissingPlatform {
  /** `node_modules/@biomejs/cli-darwin-arm64` */
  location: string;
  entry: LockEntry;
}

const systems: Readonly<Record<string, string>> = { windows: 'win32' };
const names = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'windows',
];
const processors: Readonly<Record<string, string>> = { '64': 'x64' };
const cpus = ['64', 'arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];
const libraries: Readonly<Record<string, string>> = {
  gnu: 'glibc',
  gnueabihf: 'glibc',
  musl: 'musl',
  musleabihf: 'musl',
};

/** What a platform package says of itself in its name: `rollup-linux-x64-gnu`. */
function readPlatform(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const system = words.find((word) => names.includes(word));
  const processor = words.find((word) => cpus.includes(word));
  const library =
    system === 'linux' ? words.map((word) => libraries[word]).find((word) => word !== undefined) : undefined;
  return {
    ...(processor !== undefined && { cpu: [processors[processor] ?? processor] }),
    ...(library !== undefined && { libc: [library] }),
    ...(system !== undefined && { os: [systems[system] ?? system] }),
  };
}

/** Binary packages of other platforms that the lock names in `optionalDependencies` with an exact version and does not have. */
export function findMissingPlatforms(lock: Lock): MissingPlatform[] {
  const missing = new Map<string, LockEntry>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!/^\d+\.\d+\.\d+$/.test(version) || isLocked(lock, path, name)) continue;
      // In the order in which npm writes them, so that its next run changes nothing.
      const { cpu, libc, os } = readPlatform(name);
      missing.set(`node_modules/${name}`, {
        version,
        ...(cpu && { cpu }),
        ...(entry.dev === true && { dev: true }),
        ...(libc && { libc }),
        optional: true,
        ...(os && { os }),
      });
    }
  }
  return [...missing].map(([location, entry]) => ({ location, entry }));
}

/** Looks a package up as Node does: in the folder of the package that needs it, then upwards. */
function isLocked(lock: Lock, from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
  }
}
