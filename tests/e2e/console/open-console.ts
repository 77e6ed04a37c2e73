import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { findChromium } from '../../real/chromium.ts';
import { describeWith } from '../../real/requirement.ts';
import { launch, openTab, type Tab } from './browser.ts';
import { type Project, type ProjectOptions, startProject } from './project.ts';

/** The console of one running project: a new tab for each test. */
export interface OpenConsole {
  readonly project: Project;
  readonly tab: Tab;
  readonly page: Page;
  /** Waits until it is there. */
  see(locator: Locator): Promise<void>;
  /** Goes to the page and waits for its tools. */
  load(): Promise<void>;
  /** In the list; resources and prompts too. */
  tool(name: string | RegExp): Locator;
  activity(): Locator;
  streams(): Locator;
  run(): Locator;
}

export interface ConsoleSuiteOptions {
  readonly project: ProjectOptions;
  /** The page may complain; without it, each test ends with a look at that. @default false */
  readonly complaints?: boolean;
}

/** A suite on one project in Chromium. What it is given may be used in its tests and hooks only. */
export function describeConsole(
  name: string,
  { project: projectOptions, complaints = false }: ConsoleSuiteOptions,
  suite: (at: OpenConsole) => void,
): void {
  describeWith(name, findChromium(), ({ executablePath }) => {
    let browser: Browser;
    let project: Project;
    let tab: Tab;

    const see = (locator: Locator): Promise<void> => locator.first().waitFor();
    const at: OpenConsole = {
      get project() {
        return project;
      },
      get tab() {
        return tab;
      },
      get page() {
        return tab.page;
      },
      see,
      async load() {
        await tab.page.goto(project.consoleUrl);
        await see(tab.page.getByRole('banner').getByText('Running'));
        // What the page asks by itself has been answered.
        await see(tab.page.getByRole('navigation').getByRole('listitem').getByRole('button'));
      },
      tool: (toolName) => tab.page.getByRole('navigation').getByRole('button', { name: toolName }),
      activity: () => tab.page.getByRole('list', { name: 'Activity' }),
      streams: () => tab.page.getByRole('region', { name: 'Held streams' }),
      run: () => tab.page.getByRole('region', { name: 'Result' }),
    };

    beforeAll(async () => {
      browser = await launch(executablePath);
      project = await startProject(projectOptions);
    });
    afterAll(async () => {
      await project?.close();
      await browser?.close();
    });
    beforeEach(async () => {
      tab = await openTab(browser);
      await at.load();
    });
    afterEach(async () => {
      await tab.close();
      if (!complaints) expectNoComplaints(tab.complaints);
    });

    suite(at);
  });
}

function expectNoComplaints(complaints: readonly string[]): void {
  if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join('; ')}`);
}
