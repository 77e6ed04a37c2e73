import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeConsole } from './open-console.ts';

describeConsole('the console page on a new project', { project: { template: 'decorators' } }, (at) => {
  test('names the project and how to reach it', async () => {
    await at.see(at.page.getByRole('banner').getByText('my-server'));
    await at.page.getByRole('button', { name: 'Connect a client' }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Connect a client' });
    const text = (await dialog.textContent()) ?? '';
    for (const part of [at.project.mcpUrl, at.project.issuer, 'npx asgard inspect', 'npx asgard call']) {
      expect(text).toContain(part);
    }
    const link = await dialog.getByRole('link').getAttribute('href');
    expect(new URL(link ?? '').searchParams.get('serverUrl')).toBe(at.project.mcpUrl);
    await at.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  test('shows a request as it happens, and what is behind it', async () => {
    expect(await at.project.asgard('call', 'stock', 'item=iron', '--user', 'loki')).toMatchObject({ exitCode: 0 });
    const line = at.activity().getByRole('button', { name: /request tools\/call stock 200 json .* loki/ });
    await at.see(line);
    await line.first().click();
    await at.see(at.activity().getByText('modern'));
    expect(await line.first().getAttribute('aria-expanded')).toBe('true');
  });

  test('filters, pauses and clears', async () => {
    const lines = at.activity().getByRole('listitem');
    await at.page.getByLabel('Filter the activity').fill('stock loki');
    await at.see(lines);
    for (const text of await lines.allInnerTexts()) expect(text).toContain('loki');
    await at.page.getByLabel('Filter the activity').fill('');
    await at.page.getByRole('button', { name: 'Pause' }).click();
    await at.page.getByRole('button', { name: 'Clear' }).click();
    await at.see(at.page.getByText('Nothing yet. Call a tool.'));
    await at.project.asgard('call', 'stock', 'item=coal');
    await at.page.getByRole('button', { name: /Resume \(\d+ new\)/ }).click();
    await at.see(at.activity().getByRole('button', { name: /request tools\/call stock/ }));
    await at.page.getByRole('button', { name: 'requests' }).click();
    await at
      .activity()
      .getByRole('button', { name: /request tools/ })
      .first()
      .waitFor({ state: 'detached' });
  });

  test('a saved change brings the new tools, without a reload of the page', async () => {
    const file = join(at.project.directory, 'src/workshop.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('Put items on the shelf', 'Fill the shelf'));
    await at.see(at.activity().getByRole('button', { name: /server reloaded/ }));
    await at.see(at.tool('Fill the shelf'));
  });

  test('says that the server does not run, and why, until it does', async () => {
    const file = join(at.project.directory, 'src/main.ts');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, "throw new Error('no anvil');\n");
    await at.see(at.page.getByRole('banner').getByText('Stopped'));
    await at.see(at.activity().getByText('no anvil'));
    await at.tool('stock').click();
    await at.page.getByLabel('item').fill('rivets');
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    await at.see(
      at
        .run()
        .getByRole('alert')
        .getByText(/\(502\)\. The server does not run/),
    );
    writeFileSync(file, good);
    await at.see(at.page.getByRole('banner').getByText('Running'));
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    await at.see(at.run().getByText('"rivets"'));
    at.tab.complaints.splice(0, at.tab.complaints.length, ...at.tab.complaints.filter((text) => !text.includes('502')));
  });

  test('says when asgard dev ends in the middle of a call', async () => {
    await at.tool('forge').click();
    await at.page.getByLabel('item').fill('anvil');
    await at.page.getByLabel('stepMs').fill('20000');
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    await at.see(at.streams().getByRole('button', { name: /call tools\/call forge/ }));
    // The page starts anew with the next asgard dev: the new server is kept away from it for as long as is looked.
    await at.page.route('**/api/feed', (route) => route.abort());
    await at.project.restart();
    await at.see(at.run().getByText('Failed'));
    await at.see(at.run().getByText('The console is away: asgard dev has ended.'));
    at.tab.complaints.splice(0, at.tab.complaints.length);
  });

  test('finds its way back when asgard dev is started again', async () => {
    await at.project.restart();
    await at.see(at.page.getByRole('banner').getByText('Running'));
    await at.tool('stock').click();
    await at.page.getByLabel('item').fill('rivets');
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    await at.see(at.run().getByText('"rivets"'));
    const away = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|403/;
    at.tab.complaints.splice(0, at.tab.complaints.length, ...at.tab.complaints.filter((text) => !away.test(text)));
  });

  test('keeps no token: not in storage, not in an address, not in what it was sent', async () => {
    const sent: Promise<string>[] = [];
    at.page.on('response', (response) => {
      if (/json|html|javascript/.test(response.headers()['content-type'] ?? '')) sent.push(response.text());
      sent.push(Promise.resolve(response.url()));
    });
    await at.page.reload();
    await at.see(at.tool('stock'));
    const { stdout: token } = await at.project.asgard('token');
    const [header = ''] = token.split('.');
    expect(header).toMatch(/^eyJ/);
    const everything = [...(await Promise.all(sent)), await at.page.content()];
    expect(everything.length).toBeGreaterThan(6);
    for (const text of everything) expect(text).not.toContain(header);
    expect(await at.page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([
      0,
      0,
      '',
    ]);
  });
});
