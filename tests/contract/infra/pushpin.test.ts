import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigVerifier } from '@asgard/grip';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseIni } from '../../../packages/asgard/src/infra/pushpin/ini.ts';
import {
  CONTAINER_PLACE,
  GRIP_ISSUER,
  pushpinConfig,
  renderPushpin,
} from '../../../packages/asgard/src/infra/pushpin/render.ts';
import { findPushpinFaults } from '../../../packages/asgard/src/infra/pushpin/rules.ts';
import { read } from '../../architecture/workspace.ts';
import { findFreePorts } from '../../real/ports.ts';
import { findPushpin } from '../../real/pushpin.ts';
import { describeWith } from '../../real/requirement.ts';
import { until } from '../../real/until.ts';

// As the secrets are: text of base64url, which is a key as it stands.
const KEY = 'q7mJ1kUjv0c9mBqk2m0pR3nXo5tYb8WzD1fG4hJ6kL8';

test('pushpin.conf comes back as it went, has no fault and no key', () => {
  const text = renderPushpin();
  expect(parseIni(text)).toEqual(pushpinConfig(CONTAINER_PLACE));
  expect(findPushpinFaults(parseIni(text))).toEqual([]);
  expect(text).toContain('sig_key=@GRIP_KEY@');
});

test('the page explains every setting of the file, with its value and in its order', () => {
  const explained = [...read('docs/operations/pushpin.md').matchAll(/^\| `([^`=\s]+=[^`]*)` *\| (.*) \|$/gm)];
  const shipped = Object.values(pushpinConfig(CONTAINER_PLACE)).flatMap((section) =>
    Object.entries(section).map(([name, value]) => `${name}=${value}`),
  );
  expect(explained.map(([, setting]) => setting)).toEqual(shipped);
  expect(explained.filter(([, , why = '']) => why.trim() === '')).toEqual([]);
});

test.each([
  ['message_rate=0', 'message_rate=2500', 'message_rate'],
  ['message_hwm=0', '', 'message_hwm'],
  ['client_buffer_size=16384', 'client_buffer_size=8192', 'client_buffer_size'],
  ['debug=false', 'debug=true', 'debug'],
  ['sig_key=@GRIP_KEY@', 'sig_key=changeme', 'sig_key'],
  ['updates_check=off', 'updates_check=report', 'updates_check'],
  ['push_in_spec=tcp://127.0.0.1:5560', 'push_in_spec=tcp://*:5560', 'push_in_spec'],
  ['push_in_http_addr=127.0.0.1', 'push_in_http_addr=0.0.0.0', 'push_in_http_addr'],
  ['command_spec=ipc://{rundir}/{ipc_prefix}command', 'command_spec=tcp://0.0.0.0:5563', 'command_spec'],
])('the rules find %s -> %s', (before, after, setting) => {
  const text = renderPushpin();
  expect(text).toContain(before);
  expect(findPushpinFaults(parseIni(text.replace(before, after))).map((fault) => fault.setting)).toEqual([setting]);
});

describeWith('the real Pushpin with the rendered configuration', await findPushpin(), ({ binary }) => {
  let folder = '';
  let child: ChildProcess | undefined;
  let origin: Server;
  let signature: string | undefined;
  let [http = 0, subscriber = 0, push = 0, publishPort = 0, metrics = 0]: number[] = [];

  beforeAll(async () => {
    [http = 0, subscriber = 0, push = 0, publishPort = 0, metrics = 0] = await findFreePorts(5);
    folder = await mkdtemp(join(tmpdir(), 'pushpin-infra-'));
    origin = createServer((request, response) => {
      signature = request.headers['grip-sig'] as string | undefined;
      response.writeHead(200, { 'grip-hold': 'stream', 'grip-channel': 'a' }).end(':\n\n');
    }).listen(0, '127.0.0.1');
    await once(origin, 'listening');
    const address = origin.address();
    await writeFile(join(folder, 'routes'), `* 127.0.0.1:${typeof address === 'object' ? address?.port : 0}\n`);
    const place = {
      runDirectory: folder,
      http: `127.0.0.1:${http}`,
      subscriber: `tcp://127.0.0.1:${subscriber}`,
      push: `tcp://127.0.0.1:${push}`,
      publishPort,
      metrics: `127.0.0.1:${metrics}`,
      signatureKey: KEY,
    };
    await writeFile(join(folder, 'pushpin.conf'), renderPushpin(place));
    child = spawn(binary, [`--config=${join(folder, 'pushpin.conf')}`, '--merge-output'], { stdio: 'ignore' });
    await until(async () => (await heldStatus()) === 200, 15_000);
  });

  afterAll(async () => {
    if (child !== undefined && child.exitCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    origin?.closeAllConnections();
    origin?.close();
    if (folder !== '') await rm(folder, { recursive: true, force: true });
  });

  const heldStatus = async (): Promise<number> => {
    const abort = new AbortController();
    try {
      return (await fetch(`http://127.0.0.1:${http}/`, { signal: abort.signal })).status;
    } catch {
      return 0;
    } finally {
      abort.abort();
    }
  };

  test('holds, and signs with the key that Odin gets in GRIP_URL', async () => {
    expect(await heldStatus()).toBe(200);
    await expect(createSigVerifier({ keys: [KEY], issuer: GRIP_ISSUER }).verify(signature)).resolves.toBe(true);
    await expect(createSigVerifier({ keys: [`${KEY}x`] }).verify(signature)).resolves.toBe(false);
  });

  test('shows its measures, by the names that the dashboard asks for', async () => {
    const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    for (const name of ['connection_connected', 'message_received', 'message_sent'])
      expect(text).toContain(`pushpin_${name}`);
  });
});
