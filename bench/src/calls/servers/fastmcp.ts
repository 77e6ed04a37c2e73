import { FastMCP } from 'fastmcp';
import { freePort } from './free-port.ts';
import { report, TOOLS } from './report.ts';
import { answer, description, inputOf, nameOf } from './tool.ts';

const server = new FastMCP({ name: 'bench', version: '1.0.0' });
for (let index = 0; index < TOOLS; index += 1) {
  server.addTool({ name: nameOf(index), description, parameters: inputOf(), execute: async (args) => answer(args) });
}
const port = await freePort();
await server.start({
  transportType: 'httpStream',
  httpStream: { port, host: '127.0.0.1', endpoint: '/mcp', stateless: true, enableJsonResponse: true },
});
report(port);
