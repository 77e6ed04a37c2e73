import type { ServerResponse } from 'node:http';
import { formatRawHeaders } from './header-list.ts';
import type { UpstreamExchange, UpstreamHead } from './upstream.ts';

/** Writes one upstream response to a client, chunk by chunk, never faster than the client reads. */
export interface Relay {
  head(head: UpstreamHead): void;
  data(chunk: Uint8Array): void;
  end(): void;
}

/**
 * @param response the client's response, nothing sent yet
 * @param exchange asked late, because the exchange may report before `send` has returned it
 */
export function createRelay(response: ServerResponse, exchange: () => UpstreamExchange | undefined): Relay {
  response.on('drain', () => exchange()?.resume());
  return {
    head({ status, reason, headers }) {
      // Head and first chunk mostly arrive together: leave in one packet then, and at once when no chunk came with it.
      response.cork();
      response.writeHead(status, reason, formatRawHeaders(headers));
      process.nextTick(() => {
        if (!response.writableEnded) response.flushHeaders();
        response.uncork();
      });
    },
    data(chunk) {
      if (!response.write(chunk)) exchange()?.pause();
    },
    end() {
      response.end();
    },
  };
}
