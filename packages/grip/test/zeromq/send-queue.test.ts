import { describe, expect, it } from 'vitest';
import { SendQueue } from '../../src/zeromq/send-queue.ts';

/** A socket whose sends wait until they are let go, and that refuses a second waiting one, as ZeroMQ does. */
class Socket {
  readonly sent: string[] = [];
  #waiting: { resolve(): void; reject(error: Error): void } | undefined;

  send([frame = new Uint8Array()]: Uint8Array[]): Promise<void> {
    if (this.#waiting) return Promise.reject(new Error('EBUSY'));
    this.sent.push(new TextDecoder().decode(frame));
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  settle(error?: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    error ? waiting?.reject(error) : waiting?.resolve();
  }
}

const frames = (text: string): Uint8Array[] => [new TextEncoder().encode(text)];
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('SendQueue', () => {
  it('sends one at a time, in order', async () => {
    const socket = new Socket();
    const queue = new SendQueue(socket, 10);
    const done: string[] = [];
    for (const text of ['a', 'b', 'c']) void queue.send(frames(text)).then(() => done.push(text));
    for (const expected of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
      await turn();
      expect(socket.sent).toEqual(expected);
      socket.settle();
    }
    await queue.flush();
    expect(done).toEqual(['a', 'b', 'c']);
  });

  it('refuses more than its limit and goes on after a failure', async () => {
    const socket = new Socket();
    const queue = new SendQueue(socket, 2);
    const first = queue.send(frames('a'));
    const second = queue.send(frames('b'));
    await expect(queue.send(frames('c'))).rejects.toMatchObject({ code: 'queue_full' });
    socket.settle(new Error('EAGAIN'));
    await expect(first).rejects.toMatchObject({ code: 'publish_failed', cause: { message: 'EAGAIN' } });
    await turn();
    socket.settle();
    await second;
    void queue.send(frames('d'));
    expect(socket.sent).toEqual(['a', 'b', 'd']);
  });
});
