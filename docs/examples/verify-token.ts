import { createServer } from 'node:http';
import { createTokenVerifier, HeimdallError } from '@asgard/heimdall-client';

const verifier = createTokenVerifier({
  issuer: 'https://id.example.com/realms/asgard',
  audience: 'https://api.example.com/mcp',
});

createServer(async (request, response) => {
  try {
    const token = (request.headers.authorization ?? '').replace(/^Bearer /i, '');
    const principal = verifier.peek(token) ?? (await verifier.verify(token));
    response.end(`Hello ${principal.username ?? principal.subject}`);
  } catch (error) {
    if (!(error instanceof HeimdallError)) throw error;
    if (error.retryAfterSeconds) response.setHeader('retry-after', error.retryAfterSeconds);
    response.writeHead(error.status).end(error.message);
  }
}).listen(8080);
