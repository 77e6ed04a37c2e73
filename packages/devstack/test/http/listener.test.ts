import { afterEach, expect, test } from 'vitest';
import { createListener, type Listener } from '../../src/http/listener.ts';

const listeners: Listener[] = [];
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close();
});

async function listen(port = 0, host = '127.0.0.1'): Promise<Listener> {
  const listener = await createListener((_request, response) => response.end('here'), { name: 'Test', host, port });
  listeners.push(listener);
  return listener;
}

test('answers on both families of localhost, on one port', async () => {
  const { port } = await listen();
  for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
    expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe('here');
  }
});

test('a port that is taken is said, in either family', async () => {
  const v6 = await listen(0, '::1');
  await expect(listen(v6.port)).rejects.toThrow(expect.objectContaining({ code: 'port_taken' }));
  const { port } = await listen();
  await expect(listen(port)).rejects.toThrow(/Test cannot listen on 127\.0\.0\.1 port \d+\./);
});

test('an address that this machine does not have is said too', async () => {
  await expect(listen(0, '192.0.2.1')).rejects.toThrow(expect.objectContaining({ code: 'listen_failed' }));
});

test('close ends open connections at once', async () => {
  const listener = await createListener((_request, response) => response.write('never ends'), {
    name: 'Test',
    host: '127.0.0.1',
    port: 0,
  });
  const response = await fetch(`http://127.0.0.1:${listener.port}/`);
  await listener.close();
  await expect(response.text()).rejects.toThrow();
});
