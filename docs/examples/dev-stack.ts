import { startDevStack } from '@asgard/devstack';

const stack = await startDevStack({
  serverPort: 8080, // your server, on 127.0.0.1; it may start later
  onEvent: (event) => {
    if (event.source === 'hermod' && event.type === 'held')
      process.stdout.write(`held on ${event.channels.join(', ')}\n`);
  },
});
// client -> Hermod (stack.url) -> Bifrost -> { /heimdall -> Heimdall, /mcp and the rest of the server -> port 8080 }
process.stdout.write(
  `MCP endpoint ${stack.mcpUrl}, sign in as ${stack.users.map(({ username }) => username).join(' or ')}\n`,
);
// Give these to the server's process: PORT, HOST, ASGARD_URL, ASGARD_ISSUER, GRIP_URL.
process.stdout.write(`${JSON.stringify(stack.environment)}\n`);
process.once('SIGINT', () => void stack.close());
