import { createRecord, type LocalRecord } from '../../local/page/record';
import { type PageServer, startPageServer } from '../../local/page/server';
import { type Browser, findBrowser, HOW_TO_INSTALL, startBrowser, type Tab } from '../../scripts/browser';
import { WATCHED } from './deploy';

let browser: Browser | undefined;
const opened: Tab[] = [];

/** Starts a browser for the tests of a file. Outside of CI, a machine without one has its loud line. */
export function useBrowser(): void {
  jest.setTimeout(120_000);
  beforeAll(async () => {
    const path = await findBrowser();
    if (path !== undefined) browser = await startBrowser(path);
    else if (process.env.CI) throw new Error(HOW_TO_INSTALL);
    else process.stderr.write(`\n${'*'.repeat(HOW_TO_INSTALL.length)}\n${HOW_TO_INSTALL}\n\n`);
  });
  afterAll(() => browser?.close());
}

/** A test that needs the browser. */
export function inBrowser(name: string, run: () => Promise<void>): void {
  test(name, async () => {
    if (!browser) return;
    try {
      await run();
      for (const tab of [...opened]) await leave(tab);
    } finally {
      opened.length = 0;
    }
  });
}

/** A tab with the page, and what it shows. */
export async function open(url: string): Promise<Tab> {
  if (!browser) throw new Error(HOW_TO_INSTALL);
  const tab = await browser.newTab();
  opened.push(tab);
  await tab.open(url);
  await tab.until("document.querySelector('#connection').textContent === 'live'");
  return tab;
}

/** Closes a tab that has complained of nothing, and has asked for nothing elsewhere. */
export async function leave(tab: Tab): Promise<void> {
  opened.splice(opened.indexOf(tab), 1);
  const { complaints, requests } = tab;
  await tab.send('Page.close').catch(() => {});
  expect(complaints).toEqual([]);
  expect(requests.filter((url) => !url.startsWith('http://127.0.0.1:') && url !== 'about:blank')).toEqual([]);
}

/** The text of an element as an expression in the page. */
export const textOf = (selector: string) => `document.querySelector('${selector}').innerText`;

/** A record that has begun, and the server of its page. */
export async function startRecord(): Promise<{ record: LocalRecord; server: PageServer }> {
  let tell = () => {};
  const record = createRecord(Date.now, () => tell());
  const server = await startPageServer({
    snapshot: () => record.snapshot({ visible: 1, received: 2, dead: 3 }),
    tree: (of) => (of === 'bucket' ? record.bucketTree() : record.batchTree(of)),
    stories: record.stories,
    pathsOf: record.pathsOf,
    onWatched: () => {},
  });
  tell = server.tell;
  record.begin(WATCHED);
  return { record, server };
}

/** Sets the size of the window. */
export async function resize(tab: Tab, width: number, height = 900, mobile = false): Promise<void> {
  await tab.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: mobile ? 2 : 1, mobile });
}
