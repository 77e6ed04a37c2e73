import { parseHoldHeaders, parseItemFrame } from '@asgard/grip';
import { SignJWT } from 'jose';
import { Agent, request } from 'undici';
import { Subscriber } from 'zeromq';
import { KEY, type Subject } from './subject.ts';

const VERSION = '2026-07-28';
const PREFIX = 'io.modelcontextprotocol';

/**
 * What a proxy is to a server that it holds subscriptions for, without the clients: each is asked for with the proxy's signature, and its channels
 * are subscribed to. So there can be many more of them than there are sockets.
 */
export class Crowd {
  readonly #socket = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  readonly #agent = new Agent({ connections: 32 });
  readonly #channels = new Set<string>();
  #count = 0;
  #closed = 0;

  /** @returns where the server finds the proxy */
  async bind(): Promise<string> {
    await this.#socket.bind('tcp://127.0.0.1:*');
    void this.#read();
    return String(this.#socket.lastEndpoint);
  }

  /** So many more clients subscribe to changes of the tools. */
  async listen(subject: Subject, amount: number): Promise<void> {
    const signature = await sign();
    const last = this.#count + amount;
    const work = async (): Promise<void> => {
      while (this.#count < last) await this.#listen(subject.directUrl, { id: `listen:${this.#count++}`, signature });
    };
    await Promise.all(Array.from({ length: 32 }, work));
  }

  /** @throws Error when the server has not taken so many for its own: it closes those that it does not know, or no more */
  checkHeld(amount: number): void {
    const shared = 2;
    const held = this.#channels.size - shared - this.#closed;
    if (held !== amount) throw new Error(`${held} of ${amount} subscriptions are held`);
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.#agent.close();
  }

  async #listen(url: string, { id, signature }: { id: string; signature: string }): Promise<void> {
    const _meta = {
      [`${PREFIX}/protocolVersion`]: VERSION,
      [`${PREFIX}/clientInfo`]: { name: 'bench', version: '1.0.0' },
      [`${PREFIX}/clientCapabilities`]: {},
    };
    const params = { notifications: { toolsListChanged: true }, _meta };
    const { statusCode, headers, body } = await request(url, {
      ...{ dispatcher: this.#agent, method: 'POST' },
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': VERSION,
        'mcp-method': 'subscriptions/listen',
        'grip-sig': signature,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id, method: 'subscriptions/listen', params }),
    });
    const text = await body.text();
    const hold = parseHoldHeaders(new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)])));
    if (!hold) throw new Error(`${id} was answered with ${statusCode} and is not held: ${text}`);
    for (const { name } of hold.channels) {
      if (this.#channels.has(name)) continue;
      this.#channels.add(name);
      this.#socket.subscribe(name);
    }
  }

  async #read(): Promise<void> {
    for await (const [channel, payload] of this.#socket) {
      const { format } = parseItemFrame(payload ?? new Uint8Array(), String(channel));
      if ('action' in format && format.action === 'close') this.#closed += 1;
    }
  }
}

function sign(): Promise<string> {
  const key = Buffer.from(KEY.slice('base64:'.length), 'base64');
  return new SignJWT().setProtectedHeader({ alg: 'HS256' }).setIssuer('asgard').setExpirationTime('1h').sign(key);
}
