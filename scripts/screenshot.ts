import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { writeOutFile } from '../cli/out-file';
import { createReport } from '../local/cli/report';
import { serve } from '../local/cli/serve';
import { whereUserStands } from '../local/cli/where-user-stands';
import { startLocalStack } from '../local/local-stack';
import { createPage } from '../local/page/page';
import type { Snapshot } from '../local/page/snapshot';
import { findBrowser, HOW_TO_INSTALL, startBrowser, type Tab } from './browser';
import { captionOf } from './page-caption';
import { withCaption } from './picture-in-markdown';
import { describePng } from './png-description';
import { type Asked, readArguments, USAGE } from './screenshot-arguments';

const SCREEN = { width: 1240, height: 900, deviceScaleFactor: 1, mobile: false };

const PICTURE = join(__dirname, '../docs/page.png');
const TOUR = join(__dirname, '../docs/tour.md');

/** A shop: a few thousand products in some departments, a journal, help pages, and assets that never change. */
const DEPARTMENTS = ['bath', 'garden', 'kitchen', 'lamps', 'office'];
const REPRICED = ['bath', 'lamps'];
const PRODUCTS = 700;
/** So many of the lamps keep their prices. */
const KEPT_LAMPS = 30;
const range = (length: number) => Array.from({ length }, (_, at) => String(at).padStart(4, '0'));
const BEFORE = [
  ...DEPARTMENTS.flatMap((name) => range(PRODUCTS).map((at) => `shop/${name}/${name}-${at}.html`)),
  ...range(365).map((at) => `journal/2026/${at}.html`),
  ...range(200).map((at) => `assets/img/${at}.webp`),
];
const FIRST = ['index.html', 'help/returns.html', 'help/delivery.html', 'journal/index.html'];
/** New prices: all of two departments but those lamps, the pages that name them, and one of the help. */
const PRICES = [
  ...REPRICED.flatMap((name) =>
    range(name === 'lamps' ? PRODUCTS - KEPT_LAMPS : PRODUCTS).map((at) => `shop/${name}/${name}-${at}.html`),
  ),
  'index.html',
  'help/delivery.html',
];

/**
 * `npm run screenshot`: a picture of a page that shows two real deploys of a made-up shop. Its caption is in the picture itself;
 * that of docs/page.png is also in docs/tour.md.
 */
async function main(): Promise<number> {
  const asked = askedFor(process.argv.slice(2));
  if (asked === undefined) return 2;
  if (asked.kind === 'help') process.stdout.write(USAGE);
  else for (const file of await makePicture(asked.out)) console.log(`Wrote ${relative(HERE, file)}.`);
  return 0;
}

const HERE = whereUserStands(process.env, process.cwd(), join(__dirname, '..'));

function askedFor(args: readonly string[]): Asked | undefined {
  try {
    return readArguments(args, HERE);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} npm run screenshot -- --help lists the options.`);
    return undefined;
  }
}

/** @returns the files that it has written */
async function makePicture(out: string | undefined): Promise<string[]> {
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
    const url = await page.open(stack, 0, { folder: 'my-shop' });
    const serving = serve(stack, folder, report, (listener) => listeners.push(listener), stopping.signal);
    const tab = await browser.newTab();
    await tab.send('Emulation.setDeviceMetricsOverride', SCREEN);
    await tab.open(url);
    await tab.until(SETTLED);
    const earlier = (await snapshotOf(url)).batches.length;
    await putAll(stack.s3, stack.site.bucket, PRICES, 'new');
    await tab.until(`!(${SETTLED})`);
    await tab.until(`${SETTLED} && document.querySelectorAll('#pages tbody tr').length >= 2`);
    await tab.until("!document.querySelector('#pages').innerText.includes('○')");
    await tab.evaluate(`${MOST_WILDCARDS}.click()`);
    await tab.until("document.querySelector('#tree').innerText.includes('*')");
    await tab.evaluate("document.querySelector('#object').focus()");
    await tab.send('Input.insertText', { text: 'help/delivery' });
    await tab.until("document.querySelectorAll('#stories > li').length === 1");
    const snapshot = await snapshotOf(url);
    const number = Number(await tab.evaluate("document.querySelector('#choices :checked').value"));
    const chosen = snapshot.batches.find((batch) => batch.number === number);
    if (!chosen) throw new Error('The batch that is chosen is gone.');
    const caption = captionOf(snapshot, chosen, snapshot.batches.slice(0, snapshot.batches.length - earlier));
    console.log(caption);
    writeOutFile(out ?? PICTURE, '--out', describePng(await screenshot(tab), caption));
    if (out === undefined) await writeFile(TOUR, withCaption(await readFile(TOUR, 'utf8'), caption));
    stopping.abort();
    await serving;
    return out === undefined ? [PICTURE, TOUR] : [out];
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

/** Numbers at the panels, in the order of the tour. */
const NUMBERS = `for (const [at, stop] of document.querySelectorAll('#stops > li').entries()) {
  const { left, top } = document.getElementById(stop.dataset.at).getBoundingClientRect();
  const badge = document.createElement('b');
  badge.textContent = at + 1;
  badge.style.cssText = 'position: absolute; left: ' + (left - 11) + 'px; top: ' + (top - 11) + 'px;' +
    'width: 25px; border-radius: 13px; background: var(--focus); color: var(--card); text-align: center; line-height: 25px';
  document.body.append(badge);
}`;

async function snapshotOf(url: string): Promise<Snapshot> {
  return (await (await fetch(`${url}snapshot`)).json()) as Snapshot;
}

async function screenshot(tab: Tab): Promise<Buffer> {
  const height = await tab.evaluate<number>('document.documentElement.scrollHeight');
  await tab.send('Emulation.setDeviceMetricsOverride', { ...SCREEN, height });
  await tab.evaluate(NUMBERS);
  const { data } = await tab.send('Page.captureScreenshot', { format: 'png' });
  return Buffer.from(String(data), 'base64');
}

main()
  .catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  })
  .then((code) => {
    process.exitCode = code;
  });
