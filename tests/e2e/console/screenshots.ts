/** Writes docs/console.png and docs/console-dark.png: the console of a new project in the middle of its work. `npm run screenshots` */
import { fileURLToPath } from 'node:url';
import { findChromium } from '../../real/chromium.ts';
import { launch, openTab } from './browser.ts';
import { startProject } from './project.ts';
import { subscribe } from './subscriber.ts';

const found = findChromium();
if ('missing' in found) throw new Error(found.missing);
const browser = await launch(found.executablePath);
const project = await startProject({ template: 'decorators' });
try {
  await project.asgard('call', 'stock', 'item=iron', 'count=3');
  const subscriber = await subscribe(project, 'loki', 'shelf://axe');
  await project.asgard('call', 'stock', 'item=axe', '--user', 'baldur');
  const { page, close } = await openTab(browser, { viewport: { width: 1400, height: 820 } });
  await page.goto(project.consoleUrl);
  await page.getByRole('navigation').getByRole('button', { name: 'forge' }).click();
  await page.getByLabel('item').fill('axe');
  await page.getByLabel('stepMs').fill('700');
  await page.getByRole('button', { name: 'Call as freya' }).click();
  await page.getByRole('list', { name: 'Progress and log' }).getByText('4/5').waitFor();
  for (const [colorScheme, name] of [
    ['light', 'console'],
    ['dark', 'console-dark'],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: fileURLToPath(new URL(`../../../docs/${name}.png`, import.meta.url)) });
  }
  await subscriber.close();
  await close();
} finally {
  await project.close();
  await browser.close();
}
