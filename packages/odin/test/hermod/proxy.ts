import { createInMemoryPublisher, type InMemoryPublisher, parseHoldHeaders, renderVarSubst } from '@asgard/grip';
import { SignJWT } from 'jose';
import type { OdinServerOptions } from '../../src/index.ts';
import { createFixture, modernRequest, type PostOptions, type Recorded } from '../fixture.ts';

const KEY = 'a secret of thirty-two bytes or so';

export interface HeldFixture extends Recorded {
  readonly publisher: InMemoryPublisher;
  /** A request as the proxy forwards it. */
  proxied(method: string, params?: Record<string, unknown>, options?: PostOptions): Promise<Request>;
  /** Texts published on a channel, as a subscriber with that id sees them. */
  heard(channel: string, subscriber?: string): string[];
}

export function createHeldFixture(options: Partial<OdinServerOptions> = {}, hermod: object = {}): HeldFixture {
  const publisher = createInMemoryPublisher();
  const fixture = createFixture({
    hermod: { publisher, keys: [KEY], issuer: 'asgard', replica: 'r1', ...hermod },
    ...options,
  });
  return {
    ...fixture,
    publisher,
    proxied: async (method, params = {}, request = {}) =>
      modernRequest(method, params, { ...request, headers: { 'grip-sig': await sign(), ...request.headers } }),
    heard: (channel, subscriber) =>
      publisher.published.flatMap((item) => {
        if (item.channel !== channel) return [];
        if (item.format.kind !== 'http-stream') return [];
        if ('action' in item.format) return [item.format.action];
        const content = String(item.format.content);
        return [subscriber === undefined ? content : renderVarSubst(content, { sub: subscriber })];
      }),
  };
}

export function sign(key: string = KEY, issuer = 'asgard', expiry: string | number = '1h'): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(issuer)
    .setExpirationTime(expiry)
    .sign(new TextEncoder().encode(key));
}

export function channelsOf(response: Response): string[] {
  return (parseHoldHeaders(response.headers)?.channels ?? []).map(({ name }) => name);
}

/** The messages in texts of server-sent events. */
export function messagesIn(texts: readonly string[]): unknown[] {
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)) as unknown),
  );
}
