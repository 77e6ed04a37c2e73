import process from 'node:process';
import { freePort } from './free-port.ts';
import { report, TOOLS } from './report.ts';
import { answer, description, inputOf, nameOf } from './tool.ts';

/** What is used of mcp-use, which is installed beside the bundle and not in the workspace: it brings 270 MB along. */
interface McpUse {
  MCPServer: new (options: {
    name: string;
    version: string;
    stateless: boolean;
  }) => {
    tool(
      definition: { name: string; description: string; schema: ReturnType<typeof inputOf> },
      handler: (args: { text: string; count: number }) => Promise<unknown>,
    ): unknown;
    listen(port: number): Promise<void>;
  };
  text(value: string): unknown;
}

process.env.MCP_USE_ANONYMIZED_TELEMETRY = 'false';
const name = 'mcp-use/server';
const { MCPServer, text } = (await import(name)) as McpUse;
const server = new MCPServer({ name: 'bench', version: '1.0.0', stateless: true });
for (let index = 0; index < TOOLS; index += 1) {
  server.tool({ name: nameOf(index), description, schema: inputOf() }, async (args) => text(answer(args)));
}
const port = await freePort();
await server.listen(port);
report(port);
