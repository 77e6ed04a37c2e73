import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import process from 'node:process';
import { listenAndReport } from './report.ts';

const digest = process.env.DIGEST === '1';

/** The least that a server of JSON-RPC can do: read, parse, answer. */
const server = createServer((request, response) => {
  if (digest) hash('sha256', request.headers.authorization ?? '', 'base64url');
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { id, params } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const { text, count } = params.arguments ?? {};
    const result = { content: [{ type: 'text', text: `${text} ${count}` }], resultType: 'complete' };
    const body = JSON.stringify({ jsonrpc: '2.0', id, result });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});
listenAndReport(server);
