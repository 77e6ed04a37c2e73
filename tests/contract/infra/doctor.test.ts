import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DevStack, signIn, startDevStack } from '@asgard/devstack';
import { OdinServer } from '@asgard/odin';
import { fromEnvironment, type ListeningServer, listen } from '@asgard/odin/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chain, Check, DoctorContext, Finding } from '../../../packages/asgard/src/doctor/check.ts';
import { clockCheck } from '../../../packages/asgard/src/doctor/checks/clock.ts';
import { metadataCheck } from '../../../packages/asgard/src/doctor/checks/metadata.ts';
import { readinessCheck, streamCheck } from '../../../packages/asgard/src/doctor/checks/stream.ts';
import { createInfraEffects } from '../../../packages/asgard/src/infra/node-effects.ts';
import { findFreePorts } from '../../real/ports.ts';
import { exampleSettings } from './settings.ts';

/** The probes of doctor over a running chain: proxy, gateway, issuer and server of `asgard dev`. */
describe('asgard doctor over a running chain', () => {
  let stack: DevStack;
  let server: ListeningServer;
  let odin: OdinServer;
  let token = '';

  beforeAll(async () => {
    const [serverPort = 0] = await findFreePorts(1);
    stack = await startDevStack({ port: 0, serverPort });
    odin = new OdinServer({ name: 'probed', version: '1', logger: QUIET, ...fromEnvironment(stack.environment) });
    odin.tool({ name: 'now' }, () => 'now');
    server = await listen(odin, { port: serverPort });
    const [user = { username: '', password: '' }] = stack.users;
    const signedIn = await signIn({
      issuer: stack.issuer,
      user: user.username,
      password: user.password,
      resource: stack.mcpUrl,
    });
    token = signedIn.accessToken;
  });
  afterAll(async () => {
    await server?.close();
    await stack?.close();
  });

  const run = (check: Check, chain: Partial<Chain> = {}): Promise<Finding> =>
    check.run(
      context({ kind: 'dev', mcpUrl: stack.mcpUrl, issuer: stack.issuer, serverUrl: server.url, token, ...chain }),
    );

  test('a healthy chain passes every probe', async () => {
    expect(await run(streamCheck)).toMatchObject({ outcome: 'ok' });
    expect(await run(readinessCheck)).toMatchObject({ outcome: 'ok' });
    expect(await run(metadataCheck)).toMatchObject({ outcome: 'ok' });
    expect(await run(clockCheck)).toMatchObject({ outcome: 'ok' });
  });

  test('a proxy that collects answers is found', async () => {
    const buffering = await startBuffering(stack.url);
    try {
      const mcpUrl = `http://127.0.0.1:${(buffering.address() as AddressInfo).port}/mcp`;
      const finding = await run(streamCheck, { mcpUrl });
      expect(finding).toMatchObject({ outcome: 'failed', fix: expect.stringContaining('proxy_buffering off') });
    } finally {
      buffering.closeAllConnections();
      buffering.close();
    }
  }, 20_000);

  test('without a token it says what it needs; a bad one is named', async () => {
    expect(await run(streamCheck, { token: undefined })).toMatchObject({ outcome: 'skipped' });
    expect(await run(streamCheck, { token: 'a.b.c' })).toMatchObject({ outcome: 'failed', message: /401/ });
  });

  test('a server that is asked by another name than its own is found', async () => {
    const mcpUrl = stack.mcpUrl.replace('localhost', '127.0.0.1');
    expect(await run(metadataCheck, { mcpUrl })).toMatchObject({ outcome: 'failed', fix: /ASGARD_URL/ });
  });

  test('nobody there', async () => {
    const [port = 0] = await findFreePorts(1);
    const finding = await run(streamCheck, { mcpUrl: `http://127.0.0.1:${port}/mcp` });
    expect(finding).toMatchObject({ outcome: 'failed', message: expect.stringContaining('does not answer') });
  });

  test('a server that publishes to another proxy is found', async () => {
    const [serverPort = 0, nowhere = 0] = await findFreePorts(2);
    const other = await startDevStack({ port: 0, serverPort });
    const gripUrl = other.gripUrl.replace(/^tcp:\/\/[^?]+/, `tcp://127.0.0.1:${nowhere}`);
    const lost = new OdinServer({
      name: 'lost',
      version: '1',
      logger: QUIET,
      ...fromEnvironment({ ...other.environment, ASGARD_ISSUER: '', ASGARD_AUTH: 'none', GRIP_URL: gripUrl }),
    });
    lost.tool({ name: 'now' }, () => 'now');
    const listening = await listen(lost, { port: serverPort });
    try {
      const chain = { mcpUrl: other.mcpUrl, serverUrl: listening.url, token: undefined };
      expect(await run(readinessCheck, chain)).toMatchObject({ outcome: 'failed', fix: /push_in_sub_specs/ });
    } finally {
      await listening.close();
      await other.close();
    }
  }, 30_000);
});

const QUIET = { warn: () => {}, error: () => {} };

function context(chain: Chain): DoctorContext {
  const effects = createInfraEffects();
  return {
    effects,
    chain,
    nodeVersion: process.versions.node,
    now: () => new Date(),
    signal: new AbortController().signal,
    stack: {
      ...{ settings: exampleSettings(), origins: { port: 'elsewhere', publicUrl: 'port' }, kept: {}, flags: {} },
      ...{ directory: '/', folder: '/', ejected: false, secretsFile: '/none' },
    },
    engine: undefined,
    started: false,
  };
}

/** Hands an answer on when it is complete, as a buffering proxy does. */
async function startBuffering(upstream: string): Promise<Server> {
  const proxy = createServer((incoming, outgoing) => {
    const forward = httpRequest(
      new URL(incoming.url ?? '/', upstream),
      { method: incoming.method, headers: { ...incoming.headers, host: new URL(upstream).host } },
      (answer) => {
        const chunks: Buffer[] = [];
        outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' });
        outgoing.flushHeaders();
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => outgoing.end(Buffer.concat(chunks)));
      },
    );
    outgoing.on('close', () => forward.destroy());
    forward.on('error', () => outgoing.destroy());
    incoming.pipe(forward);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return proxy;
}
