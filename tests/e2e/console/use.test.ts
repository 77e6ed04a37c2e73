import { expect, test } from 'vitest';
import { describeConsole } from './open-console.ts';
import { subscribe } from './subscriber.ts';

describeConsole('tools, resources and prompts on the console page', { project: { template: 'decorators' } }, (at) => {
  test.each(['freya', 'loki'])('calls a tool as %s, with its progress', async (user) => {
    await at.page.getByRole('radio', { name: user }).check();
    await at.tool('forge').click();
    await at.page.getByLabel('item').fill('axe');
    await at.page.getByLabel('stepMs').fill('60');
    await at.see(at.page.getByText(`npx asgard call forge item=axe stepMs=60 --user ${user}`));
    await at.page.getByRole('button', { name: `Call as ${user}` }).click();
    await at.see(at.run().getByText('Done'));
    await at.see(at.run().getByText(`One axe, forged for ${user}.`));
    expect(await at.run().getByRole('list', { name: 'Progress and log' }).getByText(/\d\/5/).allInnerTexts()).toEqual([
      ...['1/5 heat', '2/5 hammer', '3/5 fold', '4/5 quench', '5/5 polish'],
    ]);
    await at.see(
      at.activity().getByRole('button', { name: new RegExp(`request tools/call forge 200 held .* ${user}`) }),
    );
    await at.see(at.activity().getByRole('button', { name: /publish progress 5\/5 polish 1 receiver/ }));
  });

  test('cancels a call: the stream closes and the work stops', async () => {
    await at.tool('forge').click();
    await at.page.getByLabel('item').fill('anvil');
    await at.page.getByLabel('stepMs').fill('20000');
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    await at.see(at.streams().getByRole('button', { name: /call tools\/call forge .* freya/ }));
    await at.page.getByRole('button', { name: 'Cancel' }).click();
    await at.see(at.run().getByText('Cancelled'));
    await at.see(at.streams().getByText('No stream is open.'));
    await at.see(at.activity().getByRole('button', { name: /stream closed tools\/call forge client left/ }));
    await at.see(at.activity().getByRole('button', { name: /request tools\/call forge error -?\d+ 200 held/ }));
  });

  test('shows a subscription with its topic, and the event that reaches it', async () => {
    const subscriber = await subscribe(at.project, 'loki', 'shelf://nails');
    const line = at.streams().getByRole('button', {
      name: /subscription subscriptions\/listen shelf:\/\/nails .* loki/,
    });
    await at.see(line);
    await at.tool('stock').click();
    await at.page.getByLabel('item').fill('nails');
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    await at.see(at.activity().getByRole('button', { name: /publish resources\/updated shelf:\/\/nails 1 receiver/ }));
    await at.see(line.getByText('1 message'));
    await subscriber.close();
    await line.waitFor({ state: 'detached' });
  });

  test('reads a resource, and watches it change', async () => {
    await at.tool('shelf://{item}').click();
    await at.page.getByRole('button', { name: 'Watch' }).click();
    await at.see(at.page.getByRole('alert').getByText('Put a value in place of {item}.'));
    await at.page.getByLabel('URI').fill('shelf://rope');
    await at.see(at.page.getByText('npx asgard publish resource shelf://rope'));
    await at.page.getByRole('button', { name: 'Read as freya' }).click();
    await at.see(at.page.getByRole('region', { name: 'Details' }).getByText('"count"'));
    await at.page.getByRole('button', { name: 'Watch' }).click();
    await at.see(at.page.getByText('Watching'));
    await at.see(
      at.streams().getByRole('button', { name: /subscription subscriptions\/listen shelf:\/\/rope .* freya/ }),
    );
    await at.project.asgard('call', 'stock', 'item=rope', 'count=41');
    await at.see(at.page.getByRole('list', { name: 'Changes' }).getByText('shelf://rope'));
    await at.see(at.page.getByRole('region', { name: 'Details' }).locator('.literal', { hasText: '41' }));
    await at.project.asgard('publish', 'resource', 'shelf://rope');
    await at.see(at.page.getByRole('list', { name: 'Changes' }).getByRole('listitem').nth(1));
    await at.page.getByRole('button', { name: 'Stop' }).click();
    await at.see(at.streams().getByText('No stream is open.'));
  });

  test('fills in a prompt', async () => {
    await at.tool('order').click();
    await at.page.getByRole('button', { name: 'Get as freya' }).click();
    await at.see(at.page.getByRole('alert').getByText('This is required.'));
    await at.page.getByLabel('item').fill('a ladder');
    await at.page.getByRole('button', { name: 'Get as freya' }).click();
    await at.see(at.page.getByRole('region', { name: 'Details' }).getByText('Look at shelf://a ladder.'));
  });

  test('can be used by keyboard alone', async () => {
    await at.tool('stock').focus();
    await at.page.keyboard.press('Enter');
    await at.page.getByLabel('item').focus();
    await at.page.keyboard.type('tongs');
    await at.page.keyboard.press('Enter');
    await at.see(at.run().getByText('"tongs"'));
    await at.page.keyboard.press('Tab');
    await at.page.keyboard.press('Shift+Tab');
    expect(await at.page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  });

  test('says what is wrong with an argument before it is sent', async () => {
    await at.tool('stock').click();
    await at.page.getByLabel('item').fill('');
    await at.page.getByLabel('count').fill('0');
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    await at.see(at.page.getByRole('alert').getByText('This is required.'));
    await at.see(at.page.getByRole('alert').getByText('At least 1.'));
    expect(await at.page.getByLabel('item').getAttribute('aria-invalid')).toBe('true');
  });
});
