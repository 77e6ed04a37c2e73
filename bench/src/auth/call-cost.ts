import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '0' },
};
const body = JSON.stringify({
  ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
  params: { name: 'ping', arguments: {}, _meta: META },
});
const headers = {
  ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
  ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'ping' },
};

/** A server whose calls cost CPU time, in microseconds each. */
export interface CallServer {
  measure(calls: number): Promise<number>;
  close(): Promise<void>;
}

/** @param auth issuer and token; absent: a server that asks nobody */
export async function startCallServer(auth?: { issuer: string; token: string }): Promise<CallServer> {
  const path = fileURLToPath(new URL('server.ts', import.meta.url));
  const child = fork(path, auth ? [auth.issuer] : [], { execArgv: process.execArgv });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 16 });
  const sent = { ...headers, host: 'localhost', ...(auth && { authorization: `Bearer ${auth.token}` }) };

  async function cpu(): Promise<number> {
    child.send('cpu');
    const [{ cpuMicros }] = (await once(child, 'message')) as [{ cpuMicros: number }];
    return cpuMicros;
  }
  async function call(): Promise<void> {
    const response = await pool.request({ path: '/mcp', method: 'POST', headers: sent, body });
    const text = await response.body.text();
    if (response.statusCode !== 200) throw new Error(`the call was answered ${response.statusCode}: ${text}`);
  }
  return {
    async measure(calls) {
      const before = await cpu();
      for (let done = 0; done < calls; done += 16) await Promise.all(Array.from({ length: 16 }, call));
      return ((await cpu()) - before) / (Math.ceil(calls / 16) * 16);
    },
    async close() {
      await pool.close();
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
