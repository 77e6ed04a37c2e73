import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import type { Manifest } from '../architecture/workspace.ts';
import type { Packed } from '../packaging/packed.ts';

export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

interface Release {
  readonly packument: string;
  readonly file: string;
  readonly tarball: Buffer;
}

/**
 * A read-only npm registry on loopback that knows the packed packages of this workspace and sends npm to its usual
 * registry for everything else. `-/asked` lists which of ours were asked for.
 */
export async function startRegistry(packed: readonly Packed[], upstream: string): Promise<Registry> {
  const asked: string[] = [];
  const releases = new Map<string, Release>();
  const server = createServer((request, response) => answer(request, response, { releases, upstream, asked }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const { pkg, tarball } of packed)
    releases.set(pkg.manifest.name, createRelease({ tarball, url, manifest: pkg.manifest }));
  return { url: `${url}/`, close: () => closeServer(server) };
}

interface Shelf {
  readonly releases: ReadonlyMap<string, Release>;
  readonly upstream: string;
  readonly asked: string[];
}

function answer(request: IncomingMessage, response: ServerResponse, { releases, upstream, asked }: Shelf): void {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname).slice(1);
  const release = releases.get(path);
  if (request.method !== 'GET') {
    response.writeHead(405).end();
  } else if (path === '-/asked') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(asked));
  } else if (release !== undefined) {
    asked.push(path);
    response.writeHead(200, { 'content-type': 'application/json' }).end(release.packument);
  } else if (path.startsWith('-/asgard/')) {
    const found = [...releases.values()].find(({ file }) => file === basename(path));
    if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(found.tarball);
  } else {
    response.writeHead(307, { location: new URL(`.${request.url}`, upstream).href }).end();
  }
}

function createRelease({ tarball, url, manifest }: { tarball: string; url: string; manifest: Manifest }): Release {
  const bytes = readFileSync(tarball);
  const file = basename(tarball);
  const dist = {
    tarball: `${url}/-/asgard/${file}`,
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    shasum: createHash('sha1').update(bytes).digest('hex'),
  };
  const { name, version } = manifest as Manifest & { version: string };
  const packument = { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
  return { packument: JSON.stringify(packument), file, tarball: bytes };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
