import { expect, test } from 'vitest';
import { describeConsole } from './open-console.ts';

const HOSTILE = { project: { template: 'decorators', main: './hostile-main.ts' }, complaints: true };

describeConsole('the console page against a server that wants to take it over', HOSTILE, (at) => {
  async function expectUnharmed(): Promise<void> {
    expect(await at.page.evaluate(() => (window as { pwned?: unknown }).pwned)).toBeUndefined();
    expect(await at.page.locator('img[src="x"], main script, [onerror], a[href^="javascript"]').count()).toBe(0);
    expect(at.tab.complaints).toEqual([]);
  }

  test('names, schemas, progress, logs, results and output stay text', async () => {
    await at.tool('Title').click();
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    await at.see(at.run().getByText('Done'));
    await at.see(at.run().getByText('Text "><img src=x'));
    await at.see(at.run().getByText('Progress "><img src=x'));
    await at.see(at.run().getByText('Log "><img src=x'));
    await at.see(at.run().getByText('javascript:window.pwned=1'));
    const image = at.run().getByAltText('Image from the tool');
    expect(await image.count()).toBe(1);
    expect(await image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(1);
    await at.run().getByText('Messages').click();
    await at.page.getByText('Schema', { exact: true }).click();
    for (const line of await at.activity().locator('li > button').all()) await line.click();
    await at.see(at.activity().getByText('Output "><img src=x'));
    await expectUnharmed();
  });

  test('a question is a form, and its answer goes on with the call', async () => {
    await at.tool('ask').click();
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    const question = at.page.getByRole('form', { name: 'Question of the tool' });
    await at.see(question.getByText('Which one? "><img src=x'));
    await question.getByRole('button', { name: 'Answer' }).click();
    await at.see(question.getByText('This is required.'));
    await question.getByLabel('colour').selectOption('green');
    await question.getByRole('button', { name: 'Answer' }).click();
    await at.see(at.run().getByText('green, false'));
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    await question.getByRole('button', { name: 'Decline' }).click();
    await at.see(at.run().getByText('answer: decline'));
    await expectUnharmed();
  });

  test('an error of a tool and wrong JSON are said', async () => {
    await at.tool('fail').click();
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    await at.see(at.run().getByText('Tool error'));
    await at.tool('Title').click();
    await at.page.getByLabel('tags').fill('{"not": "a list"}');
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    await at.see(at.page.getByText('This must be a JSON array: [ … ]'));
    await at.page.getByLabel('tags').fill('["a"]');
    await at.page.getByRole('button', { name: 'Edit as JSON' }).click();
    expect(JSON.parse(await at.page.getByRole('textbox', { name: 'Arguments' }).inputValue())).toMatchObject({
      tags: ['a'],
    });
    await expectUnharmed();
  });

  test('even a mistake in the page could not make markup of text', async () => {
    const refused = await at.page.evaluate(() => {
      try {
        document.body.innerHTML = '<img src=x onerror="window.pwned=1">';
        return false;
      } catch {
        return true;
      }
    });
    expect(refused).toBe(true);
    expect(await at.page.evaluate(() => (window as { pwned?: unknown }).pwned)).toBeUndefined();
  });

  test('a page of another origin reads nothing and calls nothing', async () => {
    await at.page.goto(`${at.project.issuer}/.well-known/openid-configuration`);
    const attempt = (mode: RequestMode): Promise<string> =>
      at.page.evaluate(
        async ([url, how]) => {
          const body = JSON.stringify({ user: 'freya', tool: 'markup', args: {} });
          const answer = await fetch(`${url}api/calls`, { method: 'POST', mode: how, body }).catch(() => undefined);
          return answer === undefined ? 'refused' : `${answer.type} ${answer.status}`;
        },
        [at.project.consoleUrl, mode] as const,
      );
    expect(await attempt('cors')).toBe('refused');
    // Without CORS a request may be sent, but its answer cannot be read, and the console refuses it.
    expect(['refused', 'opaque 0']).toContain(await attempt('no-cors'));
    // It may only have been sent: nothing in the activity says that the tool was called once more.
    const calls = async (): Promise<number> => {
      await at.page.goto(at.project.consoleUrl);
      await at.see(at.activity().getByRole('button', { name: /request tools\/list/ }));
      return at
        .activity()
        .getByRole('button', { name: /tools\/call markup/ })
        .count();
    };
    const before = await calls();
    await at.page.goto(`${at.project.issuer}/.well-known/openid-configuration`);
    await attempt('no-cors');
    expect(await calls()).toBe(before);
  });
});
