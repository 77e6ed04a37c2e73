import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWith } from '../real/requirement.ts';
import { hasTools, installTools, type ToolFolder } from '../real/tool-folder.ts';
import { startHeld, startHttp, startStdio, type Target } from './targets.ts';

const run = promisify(execFile);
const INSPECTOR = { '@modelcontextprotocol/inspector': '2.12.0' };
const wanted = process.env.CI === 'true' || (await hasTools('inspector', INSPECTOR));
const found = wanted ? {} : { missing: 'the Inspector is installed with CI=true' };

/** The official Inspector without its page, as people script it. It needs Node 22, so it runs on one of its own. */
describeWith('the command line of the MCP Inspector', found, () => {
  let tools: ToolFolder;
  beforeAll(async () => {
    tools = await installTools('inspector', INSPECTOR);
  }, 180_000);

  describe.each([
    { name: 'HTTP', start: startHttp },
    { name: 'HTTP behind Hermod', start: startHeld },
    { name: 'stdio', start: startStdio },
  ])('over $name', ({ start }) => {
    let target: Target;
    beforeAll(async () => {
      target = await start();
    });
    afterAll(() => target?.close());

    async function inspect(...args: string[]): Promise<Record<string, unknown>> {
      const { endpoint } = target;
      const where =
        endpoint.kind === 'http' ? [endpoint.url.href, '--transport', 'http'] : [endpoint.command, ...endpoint.args];
      const cli = join(tools.folder, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');
      const cwd = endpoint.kind === 'http' ? tools.folder : endpoint.cwd;
      const call = run(tools.node, [cli, '--cli', ...where, ...args], { cwd, timeout: 40_000 });
      call.child.stdin?.end();
      return JSON.parse((await call).stdout) as Record<string, unknown>;
    }

    test('lists and calls', async () => {
      expect(await inspect('--method', 'tools/list')).toMatchObject({
        tools: expect.arrayContaining([expect.objectContaining({ name: 'add' })]),
      });
      const called = await inspect(
        '--method',
        'tools/call',
        '--tool-name',
        'add',
        '--tool-arg',
        'a=2',
        '--tool-arg',
        'b=3',
      );
      expect(JSON.stringify(called)).toContain('5');
      expect(called.isError).not.toBe(true);
    });
  });
});
