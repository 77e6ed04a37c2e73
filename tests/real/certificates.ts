import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Found } from './requirement.ts';

const run = promisify(execFile);

/** A private key and the certificate for it, in files and as PEM. */
export interface Certified {
  readonly keyFile: string;
  readonly certFile: string;
  readonly key: string;
  readonly cert: string;
}

/** An authority of its own, in a temporary folder, that nobody trusts who was not given its certificate. */
export interface Authority {
  readonly certFile: string;
  readonly cert: string;
  /** @param names for example `IP:127.0.0.1` and `DNS:localhost` */
  issue(...names: readonly string[]): Promise<Certified>;
  close(): Promise<void>;
}

/** Looks for openssl on the `PATH`. */
export async function findOpenssl(): Promise<Found<object>> {
  return run('openssl', ['version']).then(
    () => ({}),
    () => ({ missing: 'openssl must be on PATH: apt-get install openssl' }),
  );
}

export async function createAuthority(name = 'an authority of the tests'): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'certificates-'));
  const file = (part: string): string => join(folder, part);
  const openssl = (...words: readonly string[]): Promise<unknown> => run('openssl', words, { cwd: folder });
  const newKey = (keyFile: string): string[] => [
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile],
  ];
  await openssl('req', '-x509', ...newKey('ca.key'), '-out', 'ca.pem', '-days', '2', '-subj', `/CN=${name}`);
  let issued = 0;
  return {
    certFile: file('ca.pem'),
    cert: await readFile(file('ca.pem'), 'utf8'),
    async issue(...names) {
      issued += 1;
      const [key, request, cert, extensions] = ['key', 'csr', 'pem', 'ext'].map((end) => `${issued}.${end}`) as [
        ...[string, string, string, string],
      ];
      await openssl('req', ...newKey(key), '-out', request, '-subj', '/CN=of the tests');
      await writeFile(file(extensions), `subjectAltName=${names.join(',')}\nbasicConstraints=critical,CA:FALSE\n`);
      const authority = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', `${issued}`];
      await openssl('x509', '-req', '-in', request, ...authority, '-days', '2', '-extfile', extensions, '-out', cert);
      return {
        ...{ keyFile: file(key), certFile: file(cert) },
        ...{ key: await readFile(file(key), 'utf8'), cert: await readFile(file(cert), 'utf8') },
      };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
