import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createReport } from '../local/cli/report';
import { serve } from '../local/cli/serve';
import { startLocalStack } from '../local/local-stack';
import { createPage } from '../local/page/page';
import { findBrowser, HOW_TO_INSTALL, startBrowser, type Tab } from './browser';

const SCREEN = { width: 1240, height: 900, deviceScaleFactor: 1, mobile: false };

/** A shop: a few thousand products in a dozen departments, a journal, help pages, and assets that never change. */
const DEPARTMENTS = ['baby', 'bath', 'garden', 'kitchen', 'lamps', 'office', 'tools'];
const REPRICED = ['bath', 'garden', 'lamps', 'tools'];
const range = (length: number) => Array.from({ length }, (_, at) => String(at).padStart(4, '0'));
const BEFORE = [
  ...DEPARTMENTS.flatMap((name) => range(360).map((at) => `shop/${name}/${name}-${at}.html`)),
  ...range(365).map((at) => `journal/2026/${at}.html`),
  ...range(200).map((at) => `assets/img/${at}.webp`),
];
const FIRST = ['index.html', 'help/returns.html', 'help/delivery.html', 'journal/index.html'];
/** New prices: all of four departments but some lamps that keep theirs, the pages that name them, and one of the help. */
const PRICES = [
  ...REPRICED.flatMap((name) => range(name === 'lamps' ? 330 : 360).map((at) => `shop/${name}/${name}-${at}.html`)),
  'index.html',
  'help/delivery.html',
];

/** `npm run screenshot`: docs/page.png, of a page that shows two real deploys of a made-up shop. */
async function main(): Promise<void> {
  const path = await findBrowser();
  if (path === undefined) throw new Error(HOW_TO_INSTALL);
  const folder = await mkdtemp(join(tmpdir(), 'screenshot-'));
  const stopping = new AbortController();
  const page = createPage();
  const report = page.listeningTo(createReport(() => {}));
  const listeners: Parameters<Parameters<typeof serve>[3]>[0][] = [];
  const putAll = async (s3: S3Client, Bucket: string, keys: readonly string[], Body: string) => {
    for (let at = 0; at < keys.length; at += 20) {
      await Promise.all(keys.slice(at, at + 20).map((Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body }))));
    }
  };
  const stack = await startLocalStack({
    // As deployed: some batches, of which the first invalidate and the others find their changes covered.
    context: { maxBatchingWindow: '20' },
    cloudFront: { completesAfter: 8_000 },
    populate: (s3, bucket) => putAll(s3, bucket, BEFORE, 'old'),
    onEvent(event) {
      page.event(event);
      if (event.kind === 'changed') for (const listener of listeners) listener(event);
    },
  });
  const browser = await startBrowser(path);
  try {
    for (const name of FIRST) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), 'old');
    }
    const url = await page.open(stack);
    const serving = serve(stack, folder, report, (listener) => listeners.push(listener), stopping.signal);
    const tab = await browser.newTab();
    await tab.send('Emulation.setDeviceMetricsOverride', SCREEN);
    await tab.open(url);
    await tab.until(SETTLED);
    await putAll(stack.s3, stack.site.bucket, PRICES, 'new');
    await tab.until(`!(${SETTLED})`);
    await tab.until(`${SETTLED} && document.querySelectorAll('#pages tbody tr').length >= 2`);
    await tab.until("!document.querySelector('#pages').innerText.includes('○')");
    await tab.evaluate(`${MOST_WILDCARDS}.click()`);
    await tab.until("document.querySelector('#tree').innerText.includes('*')");
    // What the caption in the README is to say.
    for (const part of ['#now', '#plan-summary', '#choices'])
      console.log(await tab.evaluate<string>(`document.querySelector('${part}').innerText`), '\n');
    await writeFile(join(__dirname, '../docs/page.png'), await screenshot(tab));
    stopping.abort();
    await serving;
  } finally {
    await browser.close();
    await page.close();
    await stack.close();
    await rm(folder, { recursive: true });
  }
}

/** There are batches, each is done, the messages are deleted, and no change waits for another. */
const SETTLED = `document.querySelectorAll('#choices label').length > 2 &&
  !/planning|waiting for|in progress/.test(document.querySelector('#choices').innerText) &&
  /no change is waiting[^]*queue\\s+0\\s+0 received/.test(document.querySelector('#now').innerText)`;

/** The choice of the batch that tells most: the one with most wildcards. */
const MOST_WILDCARDS = `Array.from(document.querySelectorAll('#choices label')).toSorted((a, b) => {
  const [left, right] = [a, b].map((each) => Number(/(\\d+)(?: of them)? wildcards/.exec(each.innerText)?.[1] ?? 0));
  return right - left;
})[0]`;

async function screenshot(tab: Tab): Promise<Buffer> {
  const height = await tab.evaluate<number>('document.documentElement.scrollHeight');
  await tab.send('Emulation.setDeviceMetricsOverride', { ...SCREEN, height });
  const { data } = await tab.send('Page.captureScreenshot', { format: 'png' });
  return Buffer.from(String(data), 'base64');
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
