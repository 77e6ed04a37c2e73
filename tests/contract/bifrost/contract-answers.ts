import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { GatewayClient } from './gateway-client.ts';

/** What a client gets of the answer of the service, and when. */
export function answersContract(gateway: GatewayClient): void {
  const { call } = gateway;

  describe('answers', () => {
    test('Grip-* of the service pass untouched', async () => {
      const answer = await call('/mcp?grip');
      expect(answer.headers).toMatchObject({
        'grip-hold': 'stream',
        'grip-channel': 'c1; prev-id=0',
        'grip-keep-alive': ':\\n\\n; format=cstring; timeout=20',
      });
      expect(answer.body).toBe(':open\n\n');
    });

    test('repeated fields stay repeated', async () => {
      expect((await call('/mcp')).headers['set-cookie']).toEqual(['a=1', 'b=2']);
    });

    test('a stream is not buffered: events come before the next one is sent', async () => {
      const events = await new Promise<{ sentAt: number; heardAt: number }[]>((resolve, reject) => {
        const heard: { sentAt: number; heardAt: number }[] = [];
        httpRequest(`${gateway.url}/mcp?stream=unbuffered&gap=250`, { agent: false }, (response) => {
          response.on('data', (chunk: Buffer) => {
            for (const event of chunk.toString().split('\n\n').filter(Boolean)) {
              heard.push({ sentAt: (JSON.parse(event.slice(6)) as { at: number }).at, heardAt: Date.now() });
            }
            if (heard.length < 5) return;
            response.destroy();
            resolve(heard);
          });
        })
          .once('error', reject)
          .end();
      });
      const inTime = events.filter(({ heardAt }, at) => heardAt < (events[at + 1]?.sentAt ?? 0));
      expect(inTime.length).toBeGreaterThanOrEqual(3);
    });

    test('headers of a quiet stream come at once', async () => {
      const started = Date.now();
      const ms = await new Promise<number>((resolve, reject) => {
        httpRequest(`${gateway.url}/mcp?stream=quiet&gap=60000`, { agent: false }, (response) => {
          resolve(Date.now() - started);
          response.destroy();
        })
          .once('error', reject)
          .end();
      });
      expect(ms).toBeLessThan(30_000);
    });

    test('a client that leaves closes the connection to the service', async () => {
      const leftAt = new Promise<number>((resolve, reject) => {
        httpRequest(`${gateway.url}/mcp?stream=leaver`, { agent: false }, (response) => {
          response.once('data', () => {
            response.destroy();
            resolve(performance.now());
          });
        })
          .once('error', reject)
          .end();
      });
      const left = await leftAt;
      await gateway.service.closed('leaver');
      expect(performance.now() - left).toBeLessThan(10_000);
    });

    test('a service that cannot be reached gives 502 in JSON', async () => {
      const answer = await call('/dead');
      expect([502, 503]).toContain(answer.status);
      expect(JSON.parse(answer.body)).toMatchObject({ message: expect.any(String), request_id: expect.any(String) });
    });
  });
}
