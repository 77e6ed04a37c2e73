import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export interface Tab {
  readonly page: Page;
  /** Errors of the page, what it wrote to the browser's console, and what its policy refused. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export function launch(executablePath: string): Promise<Browser> {
  // As root, in a container for example, Chromium has no sandbox to start.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}

export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  await context.exposeFunction('reportViolation', (text: string) => complaints.push(`policy: ${text}`));
  await context.addInitScript(() => {
    const report = (window as unknown as { reportViolation(text: string): void }).reportViolation;
    document.addEventListener('securitypolicyviolation', (event) =>
      report(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  return { page, complaints, close: () => context.close() };
}
