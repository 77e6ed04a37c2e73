import { expect, test } from 'vitest';
import { describeConsole } from './open-console.ts';

const LARGE = { project: { template: 'minimal', main: './large-main.ts' } };

describeConsole('the console page with many tools, long names and long results', LARGE, (at) => {
  /** Elements that reach out of the panel they are in, or out of the page. */
  const overflowing = (): Promise<readonly string[]> =>
    at.page.evaluate(() =>
      [...document.querySelectorAll('.panel, dialog')].flatMap((panel) => {
        const edge = Math.min(panel.getBoundingClientRect().right, document.documentElement.clientWidth) + 1;
        const elements = [...panel.querySelectorAll('*')];
        // What scrolls by itself may hold wider things.
        const out = elements.filter(
          (element) =>
            element.closest('pre, code, .name, .choice, .what') === null &&
            element.getBoundingClientRect().right > edge,
        );
        return out.map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
      }),
    );

  const isInView = (): Promise<boolean> =>
    at.page.evaluate(() => {
      const heading = document.querySelector('#detail h3')?.getBoundingClientRect();
      return heading !== undefined && heading.top >= 0 && heading.bottom <= window.innerHeight;
    });

  const call = async (): Promise<void> => {
    await at.page.getByRole('button', { name: 'Call as freya' }).click();
    await at.see(at.run().getByText('Done'));
  };

  test.each([360, 768, 1440])('nothing leaves its panel at a width of %i pixels', async (width) => {
    await at.page.setViewportSize({ width, height: 800 });
    await at.tool(/^long_/).click();
    await call();
    expect(await overflowing()).toEqual([]);
    await at.tool('tool-7').click();
    await at.page.getByLabel('text').fill('word ');
    await call();
    expect(await overflowing()).toEqual([]);
    await at.page.getByRole('button', { name: 'Connect a client' }).click();
    expect(await overflowing()).toEqual([]);
    expect(await at.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });

  test.each([360, 768, 1440])(
    'what is chosen far down in the list is in view at a width of %i pixels',
    async (width) => {
      await at.page.setViewportSize({ width, height: 800 });
      for (const name of ['tool-50', 'tool-3', 'tool-44']) {
        await at.tool(new RegExp(`^${name} `)).click();
        await expect.poll(isInView, { message: name }).toBe(true);
      }
    },
  );

  test('the list is one stop of the Tab key; arrows, Home and End go through it', async () => {
    const focused = (): Promise<string> => at.page.evaluate(() => document.activeElement?.textContent ?? '');
    await at.page.getByLabel('Find a tool').focus();
    await at.page.keyboard.press('Tab');
    expect(await focused()).toMatch(/^long_/);
    await at.page.keyboard.press('ArrowDown');
    await at.page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/^tool-2/);
    await at.page.keyboard.press('End');
    expect(await focused()).toMatch(/^large/);
    await at.page.keyboard.press('ArrowUp');
    expect(await focused()).toMatch(/^tool-50/);
    await at.page.keyboard.press('Enter');
    await at.page.keyboard.press('Tab');
    await at.page.keyboard.type('by keyboard ');
    await at.page.keyboard.press('Enter');
    await at.see(at.run().getByText('Done'));
    expect(await at.page.getByLabel('text').inputValue()).toBe('by keyboard ');
    await at.page.keyboard.press('Shift+Tab');
    expect(await focused()).toMatch(/^tool-50/);
  });

  test('the search leads to what it finds, and says when that is nothing', async () => {
    const search = at.page.getByLabel('Find a tool');
    await search.fill('number 37');
    await search.press('ArrowDown');
    await at.page.keyboard.press('Enter');
    await at.see(at.page.getByRole('heading', { name: 'tool-37' }));
    await search.fill('no such thing');
    await at.see(at.page.getByText('Nothing has "no such thing" in its name or text.'));
  });
});
