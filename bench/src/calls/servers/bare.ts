import { createServer } from 'node:http';
import { listenAndReport } from './report.ts';

/** The least that a server of JSON-RPC can do: read, parse, answer. */
const server = createServer((request, response) => {
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
