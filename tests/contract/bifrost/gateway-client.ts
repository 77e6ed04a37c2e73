import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { expect } from 'vitest';
import type { Issuer } from './issuer.ts';
import type { Echo, Service } from './service.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Call {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** A gateway as its clients see it, and the service behind it. Both are there when the tests run. */
export interface GatewayClient {
  readonly url: string;
  readonly service: Service;
  /** Whose tokens the gateway checks. */
  readonly issuer: Issuer;
  call(path: string, options?: Call): Promise<Answer>;
  /** What the service saw of a request that was answered 200. */
  echo(path: string, options?: Call): Promise<Echo>;
}

/** Sends one request on a connection of its own. */
export function send(url: string, { method = 'GET', headers = {}, body }: Call = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.once('error', reject);
    request.end(body);
  });
}

/** What the service saw. */
export function readEcho(answer: Answer): Echo {
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body) as Echo;
}
