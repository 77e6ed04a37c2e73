import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findChromium } from '../../real/chromium.ts';
import { describeWith } from '../../real/requirement.ts';
import { launch, openTab, type Tab } from './browser.ts';
import { type Project, startProject } from './project.ts';
import { subscribe } from './subscriber.ts';

describeWith('the console page in Chromium', findChromium(), ({ executablePath }) => {
  let browser: Browser;
  let project: Project;
  let tab: Tab;
  let page: Page;

  beforeAll(async () => {
    browser = await launch(executablePath);
  });
  afterAll(() => browser?.close());

  async function open(): Promise<void> {
    tab = await openTab(browser);
    page = tab.page;
    await page.goto(project.consoleUrl);
    await see(page.getByRole('banner').getByText('Running'));
    // What the page asks by itself has been answered.
    await see(page.getByRole('navigation').getByRole('listitem').getByRole('button'));
  }

  const see = (locator: Locator): Promise<void> => locator.first().waitFor();
  const tool = (name: string): Locator => page.getByRole('navigation').getByRole('button', { name });
  const activity = (): Locator => page.getByRole('list', { name: 'Activity' });
  const streams = (): Locator => page.getByRole('region', { name: 'Held streams' });
  const run = (): Locator => page.getByRole('region', { name: 'Result' });

  describe('on a new project', () => {
    beforeAll(async () => {
      project = await startProject({ template: 'decorators' });
    });
    afterAll(() => project?.close());
    beforeEach(open);
    afterEach(async () => {
      const { complaints } = tab;
      await tab.close();
      expect(complaints).toEqual([]);
    });

    test('names the project and how to reach it', async () => {
      await see(page.getByRole('banner').getByText('my-server'));
      await page.getByRole('button', { name: 'Connect a client' }).click();
      const dialog = page.getByRole('dialog', { name: 'Connect a client' });
      const text = (await dialog.textContent()) ?? '';
      for (const part of [project.mcpUrl, project.issuer, 'npx asgard inspect', 'npx asgard call']) {
        expect(text).toContain(part);
      }
      const link = await dialog.getByRole('link').getAttribute('href');
      expect(new URL(link ?? '').searchParams.get('serverUrl')).toBe(project.mcpUrl);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    });

    test('shows a request as it happens, and what is behind it', async () => {
      expect(await project.asgard('call', 'stock', 'item=iron', '--user', 'loki')).toMatchObject({ exitCode: 0 });
      const line = activity().getByRole('button', { name: /request tools\/call stock 200 json .* loki/ });
      await see(line);
      await line.first().click();
      await see(activity().getByText('modern'));
      expect(await line.first().getAttribute('aria-expanded')).toBe('true');
    });

    test.each(['freya', 'loki'])('calls a tool as %s, with its progress', async (user) => {
      await page.getByRole('radio', { name: user }).check();
      await tool('forge').click();
      await page.getByLabel('item').fill('axe');
      await page.getByLabel('stepMs').fill('60');
      await see(page.getByText(`npx asgard call forge item=axe stepMs=60 --user ${user}`));
      await page.getByRole('button', { name: `Call as ${user}` }).click();
      await see(run().getByText('Done'));
      await see(run().getByText(`One axe, forged for ${user}.`));
      expect(await run().getByRole('list', { name: 'Progress and log' }).getByText(/\d\/5/).allInnerTexts()).toEqual([
        ...['1/5 heat', '2/5 hammer', '3/5 fold', '4/5 quench', '5/5 polish'],
      ]);
      await see(activity().getByRole('button', { name: new RegExp(`request tools/call forge 200 held .* ${user}`) }));
      await see(activity().getByRole('button', { name: /publish progress 5\/5 polish 1 receiver/ }));
    });

    test('cancels a call: the stream closes and the work stops', async () => {
      await tool('forge').click();
      await page.getByLabel('item').fill('anvil');
      await page.getByLabel('stepMs').fill('20000');
      await page.getByRole('button', { name: 'Call as freya' }).click();
      await see(streams().getByRole('button', { name: /call tools\/call forge .* freya/ }));
      await page.getByRole('button', { name: 'Cancel' }).click();
      await see(run().getByText('Cancelled'));
      await see(streams().getByText('No stream is open.'));
      await see(activity().getByRole('button', { name: /stream closed tools\/call forge client left/ }));
      await see(activity().getByRole('button', { name: /request tools\/call forge error -?\d+ 200 held/ }));
    });

    test('shows a subscription with its topic, and the event that reaches it', async () => {
      const subscriber = await subscribe(project, 'loki', 'shelf://nails');
      const line = streams().getByRole('button', {
        name: /subscription subscriptions\/listen shelf:\/\/nails .* loki/,
      });
      await see(line);
      await tool('stock').click();
      await page.getByLabel('item').fill('nails');
      await page.getByRole('button', { name: 'Call as freya' }).click();
      await see(activity().getByRole('button', { name: /publish resources\/updated shelf:\/\/nails 1 receiver/ }));
      await see(line.getByText('1 message'));
      await subscriber.close();
      await line.waitFor({ state: 'detached' });
    });

    test('reads a resource, and watches it change', async () => {
      await tool('shelf://{item}').click();
      await page.getByRole('button', { name: 'Watch' }).click();
      await see(page.getByRole('alert').getByText('Put a value in place of {item}.'));
      await page.getByLabel('URI').fill('shelf://rope');
      await see(page.getByText('npx asgard publish resource shelf://rope'));
      await page.getByRole('button', { name: 'Read as freya' }).click();
      await see(page.getByRole('region', { name: 'Details' }).getByText('"count"'));
      await page.getByRole('button', { name: 'Watch' }).click();
      await see(page.getByText('Watching'));
      await see(streams().getByRole('button', { name: /subscription subscriptions\/listen shelf:\/\/rope .* freya/ }));
      await project.asgard('call', 'stock', 'item=rope', 'count=41');
      await see(page.getByRole('list', { name: 'Changes' }).getByText('shelf://rope'));
      await see(page.getByRole('region', { name: 'Details' }).locator('.literal', { hasText: '41' }));
      await project.asgard('publish', 'resource', 'shelf://rope');
      await see(page.getByRole('list', { name: 'Changes' }).getByRole('listitem').nth(1));
      await page.getByRole('button', { name: 'Stop' }).click();
      await see(streams().getByText('No stream is open.'));
    });

    test('fills in a prompt', async () => {
      await tool('order').click();
      await page.getByRole('button', { name: 'Get as freya' }).click();
      await see(page.getByRole('alert').getByText('This is required.'));
      await page.getByLabel('item').fill('a ladder');
      await page.getByRole('button', { name: 'Get as freya' }).click();
      await see(page.getByRole('region', { name: 'Details' }).getByText('Look at shelf://a ladder.'));
    });

    test('can be used by keyboard alone', async () => {
      await tool('stock').focus();
      await page.keyboard.press('Enter');
      await page.getByLabel('item').focus();
      await page.keyboard.type('tongs');
      await page.keyboard.press('Enter');
      await see(run().getByText('"tongs"'));
      await page.keyboard.press('Tab');
      await page.keyboard.press('Shift+Tab');
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    });

    test('says what is wrong with an argument before it is sent', async () => {
      await tool('stock').click();
      await page.getByLabel('item').fill('');
      await page.getByLabel('count').fill('0');
      await page.getByRole('button', { name: 'Call as freya' }).click();
      await see(page.getByRole('alert').getByText('This is required.'));
      await see(page.getByRole('alert').getByText('At least 1.'));
      expect(await page.getByLabel('item').getAttribute('aria-invalid')).toBe('true');
    });

    test('filters, pauses and clears', async () => {
      const lines = activity().getByRole('listitem');
      await page.getByLabel('Filter the activity').fill('stock loki');
      await see(lines);
      for (const text of await lines.allInnerTexts()) expect(text).toContain('loki');
      await page.getByLabel('Filter the activity').fill('');
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByRole('button', { name: 'Clear' }).click();
      await see(page.getByText('Nothing yet. Call a tool.'));
      await project.asgard('call', 'stock', 'item=coal');
      await page.getByRole('button', { name: /Resume \(\d+ new\)/ }).click();
      await see(activity().getByRole('button', { name: /request tools\/call stock/ }));
      await page.getByRole('button', { name: 'requests' }).click();
      await activity()
        .getByRole('button', { name: /request tools/ })
        .first()
        .waitFor({ state: 'detached' });
    });

    test('a saved change brings the new tools, without a reload of the page', async () => {
      const file = join(project.directory, 'src/workshop.ts');
      writeFileSync(file, readFileSync(file, 'utf8').replace('Put items on the shelf', 'Fill the shelf'));
      await see(activity().getByRole('button', { name: /server reloaded/ }));
      await see(tool('Fill the shelf'));
    });

    test('finds its way back when asgard dev is started again', async () => {
      await project.restart();
      await see(page.getByRole('banner').getByText('Running'));
      await tool('stock').click();
      await page.getByLabel('item').fill('rivets');
      await page.getByRole('button', { name: 'Call as freya' }).click();
      await see(run().getByText('"rivets"'));
      const away = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|403/;
      tab.complaints.splice(0, tab.complaints.length, ...tab.complaints.filter((text) => !away.test(text)));
    });

    test('keeps no token: not in storage, not in an address, not in what it was sent', async () => {
      const sent: Promise<string>[] = [];
      page.on('response', (response) => {
        if (/json|html|javascript/.test(response.headers()['content-type'] ?? '')) sent.push(response.text());
        sent.push(Promise.resolve(response.url()));
      });
      await page.reload();
      await see(tool('stock'));
      const { stdout: token } = await project.asgard('token');
      const [header = ''] = token.split('.');
      expect(header).toMatch(/^eyJ/);
      const everything = [...(await Promise.all(sent)), await page.content()];
      expect(everything.length).toBeGreaterThan(6);
      for (const text of everything) expect(text).not.toContain(header);
      expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([
        0,
        0,
        '',
      ]);
    });
  });

  describe('against a server that wants to take over the page', () => {
    beforeAll(async () => {
      project = await startProject({ template: 'decorators', main: './hostile-main.ts' });
    });
    afterAll(() => project?.close());
    beforeEach(open);
    afterEach(() => tab.close());

    async function expectUnharmed(): Promise<void> {
      expect(await page.evaluate(() => (window as { pwned?: unknown }).pwned)).toBeUndefined();
      expect(await page.locator('img[src="x"], main script, [onerror], a[href^="javascript"]').count()).toBe(0);
      expect(tab.complaints).toEqual([]);
    }

    test('names, schemas, progress, logs, results and output stay text', async () => {
      await tool('Title').click();
      await page.getByRole('button', { name: 'Call as freya' }).click();
      await see(run().getByText('Done'));
      await see(run().getByText('Text "><img src=x'));
      await see(run().getByText('Progress "><img src=x'));
      await see(run().getByText('Log "><img src=x'));
      await see(run().getByText('javascript:window.pwned=1'));
      const image = run().getByAltText('Image from the tool');
      expect(await image.count()).toBe(1);
      expect(await image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(1);
      await run().getByText('Messages').click();
      await page.getByText('Schema', { exact: true }).click();
      for (const line of await activity().locator('li > button').all()) await line.click();
      await see(activity().getByText('Output "><img src=x'));
      await expectUnharmed();
    });

    test('a question is a form, and its answer goes on with the call', async () => {
      await tool('ask').click();
      await page.getByRole('button', { name: 'Call as freya' }).click();
      const question = page.getByRole('form', { name: 'Question of the tool' });
      await see(question.getByText('Which one? "><img src=x'));
      await question.getByRole('button', { name: 'Answer' }).click();
      await see(question.getByText('This is required.'));
      await question.getByLabel('colour').selectOption('green');
      await question.getByRole('button', { name: 'Answer' }).click();
      await see(run().getByText('green, false'));
      await page.getByRole('button', { name: 'Call as freya' }).click();
      await question.getByRole('button', { name: 'Decline' }).click();
      await see(run().getByText('answer: decline'));
      await expectUnharmed();
    });

    test('an error of a tool and wrong JSON are said', async () => {
      await tool('fail').click();
      await page.getByRole('button', { name: 'Call as freya' }).click();
      await see(run().getByText('Tool error'));
      await tool('Title').click();
      await page.getByLabel('tags').fill('{"not": "a list"}');
      await page.getByRole('button', { name: 'Call as freya' }).click();
      await see(page.getByText('This must be a JSON array: [ … ]'));
      await page.getByLabel('tags').fill('["a"]');
      await page.getByRole('button', { name: 'Edit as JSON' }).click();
      expect(JSON.parse(await page.getByRole('textbox', { name: 'Arguments' }).inputValue())).toMatchObject({
        tags: ['a'],
      });
      await expectUnharmed();
    });

    test('even a mistake in the page could not make markup of text', async () => {
      const refused = await page.evaluate(() => {
        try {
          document.body.innerHTML = '<img src=x onerror="window.pwned=1">';
          return false;
        } catch {
          return true;
        }
      });
      expect(refused).toBe(true);
      expect(await page.evaluate(() => (window as { pwned?: unknown }).pwned)).toBeUndefined();
    });

    test('a page of another origin reads nothing and calls nothing', async () => {
      await page.goto(`${project.issuer}/.well-known/openid-configuration`);
      const attempt = (mode: RequestMode): Promise<string> =>
        page.evaluate(
          async ([url, how]) => {
            const body = JSON.stringify({ user: 'freya', tool: 'markup', args: {} });
            const answer = await fetch(`${url}api/calls`, { method: 'POST', mode: how, body }).catch(() => undefined);
            return answer === undefined ? 'refused' : `${answer.type} ${answer.status}`;
          },
          [project.consoleUrl, mode] as const,
        );
      expect(await attempt('cors')).toBe('refused');
      // Without CORS a request may be sent, but its answer cannot be read, and the console refuses it.
      expect(['refused', 'opaque 0']).toContain(await attempt('no-cors'));
      // It may only have been sent: nothing in the activity says that the tool was called once more.
      const calls = async (): Promise<number> => {
        await page.goto(project.consoleUrl);
        await see(activity().getByRole('button', { name: /request tools\/list/ }));
        return activity()
          .getByRole('button', { name: /tools\/call markup/ })
          .count();
      };
      const before = await calls();
      await page.goto(`${project.issuer}/.well-known/openid-configuration`);
      await attempt('no-cors');
      expect(await calls()).toBe(before);
    });
  });
});
