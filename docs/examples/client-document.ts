import { createServer } from 'node:http';
import { formatClientDocument } from '@asgard/heimdall-client';

const document = formatClientDocument({
  url: 'https://desk.example.com/client.json', // the client's id, and where this server is reached
  name: 'Desk',
  redirectUris: ['https://desk.example.com/callback'],
});

createServer((request, response) => {
  const found = request.url === '/client.json';
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json', 'cache-control': 'max-age=3600' });
  response.end(found ? JSON.stringify(document) : '{}');
}).listen(8080);
