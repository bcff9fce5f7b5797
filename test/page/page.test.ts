import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReport } from '../../local/cli/report';
import { serve } from '../../local/cli/serve';
import { startLocalStack } from '../../local/local-stack';
import { createPage } from '../../local/page/page';
import { createRecord, type LocalRecord } from '../../local/page/record';
import { MOST_ROWS } from '../../local/page/rows';
import { type PageServer, startPageServer } from '../../local/page/server';
import type { Tab } from '../../scripts/browser';
import { prefer, STICKING_OUT, violations } from './accessibility';
import { deploy, invoke, put, WATCHED } from './deploy';
import { inBrowser, leave, open, resize, startRecord, textOf, useBrowser } from './in-browser';

useBrowser();

inBrowser('a real upload is seen on the page: stale, then fresh', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  const stopping = new AbortController();
  const page = createPage();
  const changes: Parameters<Parameters<typeof serve>[3]>[0][] = [];
  const stack = await startLocalStack({
    context: { maxBatchingWindow: '2' },
    onEvent(event) {
      page.event(event);
      if (event.kind === 'changed') for (const listener of changes) listener(event);
    },
  });
  try {
    await writeFile(join(folder, 'index.html'), 'old');
    const report = page.listeningTo(createReport(() => {}));
    const tab = await open(await page.open(stack));
    const serving = serve(stack, folder, report, (listener) => changes.push(listener), stopping.signal);
    // The first upload: nobody has seen an older one.
    await tab.until(`${textOf('#choices')}.includes('1 object')`);
    await tab.until(`${textOf('#now')}.match(/Messages in the queue\\s+0\\s/)`);

    await writeFile(join(folder, 'index.html'), 'new');
    await tab.until(`${textOf('#pages')}.includes('stale')`);
    await tab.until(`${textOf('#pages')}.match(/\\/index\\.html\\s+[\\d:]+\\s+● fresh after/)`);
    await tab.until("document.querySelectorAll('#choices label').length === 4");
    await tab.until(`${textOf('#next')}.match(/^It works: what was stale is fresh[^]*npx cdk deploy/)`);
    expect(await (await fetch(`${stack.edge.url}/index.html`)).text()).toBe('new');
    const shown = await tab.evaluate<string>('document.body.innerText');
    for (const each of stack.cloudFront.invalidations) expect(shown).toContain(each.id);
    await tab.until(`${textOf('#tree')}.includes('index.html')`);
    await leave(tab);
    stopping.abort();
    await serving;
  } finally {
    stopping.abort();
    await page.close();
    await stack.close();
    await rm(folder, { recursive: true });
  }
});

describe('of what is recorded', () => {
  let record: LocalRecord;
  let server: PageServer;
  const before = Array.from({ length: 40_000 }, (_, at) => `archive/${at % 400}/${at}.html`);
  const changed = Array.from({ length: 20_000 }, (_, at) => `docs/${at % 150}/page ${at}.html`);

  beforeEach(async () => {
    ({ record, server } = await startRecord());
  });

  afterEach(() => server.close());

  inBrowser('a deploy of 20,000 objects, one by one, does not stall the page', async () => {
    for (const key of before) put(record, key);
    deploy(record, before.slice(0, 1), ['/*']);
    const tab = await open(server.url);
    await tab.evaluate(
      '(window.longest = 0, window.seen = performance.now(), requestAnimationFrame(function next(now) {' +
        ' longest = Math.max(longest, now - seen); seen = now; requestAnimationFrame(next); }), 0)',
    );
    // As they are uploaded: news after news, and the page answers meanwhile.
    for (let from = 0; from < changed.length; from += 500) {
      for (const key of changed.slice(from, from + 500)) put(record, key, Date.now());
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await tab.evaluate("document.querySelector('[value=bucket]').click()");
    await tab.until(`${textOf('#plan-heading')} === 'The bucket as it is'`);
    deploy(record, changed, ['/docs/*'], Date.now());
    await tab.evaluate("document.querySelector('[value=newest]').click()");
    await tab.until(`${textOf('#plan-summary')}.includes('10,000 objects changed')`);
    await tab.until(`${textOf('#tree')}.includes('/docs/*')`);
    expect(await tab.evaluate(textOf('#now'))).toMatch(/Objects in the bucket\s+60,000/);
    expect(await tab.evaluate("document.querySelectorAll('#tree tbody tr').length")).toBeLessThanOrEqual(MOST_ROWS);
    expect(await tab.evaluate("document.querySelectorAll('*').length")).toBeLessThan(1_500);
    // No frame took long; a machine that does something else meanwhile may take a second, a stall takes many.
    expect(await tab.evaluate<number>('longest')).toBeLessThan(5_000);
  });

  async function openWithDeploy(): Promise<Tab> {
    for (const key of before.slice(0, 400)) put(record, key);
    deploy(record, ['archive/1/1.html', ...changed.slice(0, 50)], ['/docs/*', '/archive/1*', '/index.html']);
    deploy(record, ['archive/2/2.html'], []);
    const batch = invoke(record, ['archive/3/3.html', 'archive/4/4.html']);
    put(record, 'archive/4/4.html');
    batch.invalidate(['/archive/3/3.html'], 'Completed');
    batch.finish(['archive/4/4.html']);
    record.stale({ path: '/a', eTag: 'e', changedAt: 0 });
    record.stale({ path: '/b', eTag: 'e', changedAt: 0 });
    record.fresh({ path: '/b', eTag: 'e', changedAt: 0 }, 1_000);
    const tab = await open(server.url);
    await tab.until("document.querySelectorAll('#tree tbody tr').length > 0");
    return tab;
  }

  inBrowser('when two batches meet, one is planning and one waits for the lease', async () => {
    const [first, second] = [invoke(record, ['a']), invoke(record, ['b', 'c'], Date.now())];
    record.lease({ holder: first.requestId, expires: Date.now() + 45_000 });
    const tab = await open(server.url);
    await tab.until(`${textOf('[data-value="1"]')}.includes('no path; planning')`);
    await tab.until(`${textOf('[data-value="2"]')}.includes('no path; waiting for the lease')`);
    first.finish();
    record.lease(undefined);
    second.log({ message: 'Waiting', function_request_id: second.requestId, ms: 1_200, why: 'LeaseHeld' });
    second.finish();
    await tab.until(`${textOf('[data-value="2"]')}.includes('no path; 0.4 s, waited 1.2 s for the lease')`);
  });

  inBrowser('keys are text: no markup, and nothing that steers', async () => {
    const evil = '<img src=x onerror="window.hit=1">\u202e.html';
    deploy(record, [evil, `${evil}/${evil}`], [`/${encodeURI(evil)}`, '/<b>*']);
    record.stale({ path: `/${evil}`, eTag: 'e', changedAt: 0 });
    const tab = await open(server.url);
    await tab.until(`${textOf('#tree')}.includes('<img src=x')`);
    await tab.until(`${textOf('#pages')}.includes('\\\\u{202e}.html')`);
    expect(await tab.evaluate("document.querySelectorAll('main img, main b').length")).toBe(0);
    expect(await tab.evaluate('typeof window.hit')).toBe('undefined');
  });

  inBrowser('the keyboard reaches the batches and what scrolls, and chooses among them', async () => {
    const tab = await openWithDeploy();
    const focused = () =>
      tab.evaluate<string>(
        'document.activeElement.value ?? (document.activeElement.className || document.activeElement.tagName)',
      );
    await tab.press('Tab');
    expect(await tab.evaluate('document.activeElement.id')).toBe('start-tour');
    await tab.press('Tab');
    expect(await focused()).toBe('A');
    await tab.press('Tab');
    expect(await focused()).toBe('newest');
    await tab.press('ArrowDown');
    expect(await focused()).toBe('bucket');
    await tab.until(`${textOf('#plan-heading')} === 'The bucket as it is'`);
    for (const number of ['3', '2', '1']) {
      await tab.press('ArrowDown');
      expect(await focused()).toBe(number);
    }
    await tab.until(`${textOf('#plan-summary')}.includes('51 objects changed')`);
    // News come and change neither choice nor focus.
    deploy(record, ['later.html'], ['/later.html']);
    await tab.until('document.querySelector(\'[value="4"]\')');
    expect(await focused()).toBe('1');
    expect(await tab.evaluate(textOf('#plan-summary'))).toContain('51 objects changed');
    await tab.press('Tab');
    expect(await focused()).toBe('scroll');
  });

  inBrowser('the page says when the local run has ended, and goes on when it runs again', async () => {
    const tab = await openWithDeploy();
    await server.close();
    await tab.until(`${textOf('#connection')}.includes('has ended')`);
    // What has stopped is grey, and says what to do.
    expect(await tab.evaluate("getComputedStyle(document.querySelector('main')).filter")).toBe('grayscale(1)');
    expect(await tab.evaluate(textOf('#next'))).toContain('The local run has ended.');
    tab.complaints.length = 0;
    const again = await startPageServer(
      { snapshot: () => record.snapshot(undefined), tree: () => record.bucketTree(), onWatched: () => {} },
      server.port,
    );
    await tab.until(`${textOf('#connection')} === 'live'`);
    await tab.until("getComputedStyle(document.querySelector('main')).filter === 'none'");
    tab.complaints.length = 0;
    await tab.send('Page.close');
    await again.close();
  });

  inBrowser('another run on the same port is shown from its beginning, in the tab that is open', async () => {
    const tab = await openWithDeploy();
    await tab.evaluate("document.querySelector('[value=bucket]').click()");
    await tab.until(`${textOf('#tree')}.includes('archive/')`);
    await server.close();
    await tab.until(`${textOf('#connection')}.includes('has ended')`);
    const next = createRecord(() => Date.now() + 1);
    next.begin(WATCHED);
    // As many changes as before: the version of its tree is the same.
    const { treeVersion } = record.snapshot(undefined);
    for (let at = 0; at < treeVersion; at += 1) put(next, 'new.html', at);
    expect(next.snapshot(undefined).treeVersion).toBe(treeVersion);
    const again = await startPageServer(
      { snapshot: () => next.snapshot(undefined), tree: () => next.bucketTree(), onWatched: () => {} },
      server.port,
    );
    await tab.until(`${textOf('#tree')}.includes('new.html')`);
    expect(await tab.evaluate(textOf('#tree'))).not.toContain('archive/');
    tab.complaints.length = 0;
    await tab.send('Page.close');
    await again.close();
  });

  inBrowser('what became of an object is told, and it is found by its key', async () => {
    for (const key of changed.slice(0, 30)) put(record, key, 1);
    put(record, 'wanted/<b>.html', 0);
    for (const key of changed.slice(0, 30)) put(record, key, 1);
    const batch = invoke(record, ['wanted/<b>.html'], 10);
    const id = batch.invalidate(['/wanted*']);
    const fields = { function_request_id: batch.requestId, invalidationId: id, keys: ['wanted/<b>.html'] };
    batch.log({ ...fields, message: 'Invalidation accepted' });
    batch.finish();
    record.stale({ key: 'wanted/<b>.html', path: '/wanted/', eTag: 'e', changedAt: 0 });
    record.fresh({ key: 'wanted/<b>.html', path: '/wanted/', eTag: 'e', changedAt: 0 }, 21_000);
    const tab = await open(server.url);
    await tab.until(`${textOf('#stories')}.includes('docs/')`);
    expect(await tab.evaluate(textOf('#stories'))).not.toContain('wanted');
    await tab.evaluate("document.querySelector('#object').focus()");
    await tab.send('Input.insertText', { text: 'wanted/<' });
    await tab.until(`${textOf('#stories')}.includes('wanted/<b>.html')`);
    expect(await tab.evaluate("document.querySelectorAll('#stories > li').length")).toBe(1);
    const story = await tab.evaluate<string>(textOf('#stories'));
    for (const step of ['change', 'message', 'batch', 'invalidation', 'fresh']) expect(story).toContain(step);
    expect(story).toContain(batch.messageIds[0]);
    expect(story).toMatch(new RegExp(`${id} at [\\d:]+ by /wanted\\*`));
    expect(story).toContain('21.0 s after the change');
    await tab.send('Input.insertText', { text: 'nothing' });
    await tab.until(`${textOf('#stories')}.includes('No object that has changed lately')`);
  });

  inBrowser('"and 6 more" opens, and stays open', async () => {
    const paths = Array.from({ length: 9 }, (_, at) => `/folder-${at}/*`);
    const batch = invoke(record, changed.slice(0, 9));
    batch.invalidate(paths);
    const tab = await open(server.url);
    await tab.until(`${textOf('#invalidations summary')} === 'and 6 more'`);
    expect(await tab.evaluate(textOf('#invalidations'))).not.toContain('/folder-8/*');
    await tab.evaluate("document.querySelector('#invalidations summary').focus()");
    await tab.press('Space');
    await tab.until(`${textOf('#invalidations')}.includes('/folder-8/*')`);
    for (const path of paths) expect(await tab.evaluate(textOf('#invalidations'))).toContain(path);
    // News come: it stays open, and the focus where it is.
    deploy(record, ['later.html'], ['/later.html']);
    await tab.until(`${textOf('#invalidations')}.includes('/later.html')`);
    expect(await tab.evaluate(textOf('#invalidations'))).toContain('/folder-8/*');
    expect(await tab.evaluate("document.activeElement.tagName + ' ' + document.activeElement.innerText")).toBe(
      'SUMMARY and 6 more',
    );
    await tab.press('Space');
    await tab.until("!document.querySelector('#invalidations details').open");
  });

  inBrowser('a cache tag is told from paths', async () => {
    invoke(record, changed.slice(0, 1)).invalidate(['#image:cup.svg', '/cup.svg']);
    const tab = await open(server.url);
    await tab.until(`${textOf('#invalidations code.tag')} === '#image:cup.svg'`);
    expect(await tab.evaluate("document.querySelector('#invalidations code.tag').title")).toContain('cache tag');
    expect(await tab.evaluate("document.querySelectorAll('#invalidations code.tag').length")).toBe(1);
  });

  inBrowser('so does what the tree leaves out of a folder', async () => {
    const keys = Array.from({ length: 40 }, (_, at) => `a/${String(at).padStart(2, '0')}.html`);
    deploy(record, keys, ['/a/00.html']);
    const tab = await open(server.url);
    await tab.until("document.querySelector('#tree button')?.getAttribute('aria-expanded') === 'false'");
    const lines = await tab.evaluate<number>("document.querySelectorAll('#tree tbody tr').length");
    const name = await tab.evaluate<string>(textOf('#tree button'));
    const more = Number(/and (\d+) more/.exec(name)?.[1]);
    await tab.evaluate("document.querySelector('#tree button').click()");
    // The first 20, and how many are not among them.
    expect(await tab.evaluate("document.querySelectorAll('#tree tbody tr').length")).toBe(lines + 21);
    expect(await tab.evaluate(textOf('#tree'))).toContain(`${more - 20} others not listed here`);
    await tab.evaluate("document.querySelector('#tree button').click()");
    expect(await tab.evaluate("document.querySelectorAll('#tree tbody tr').length")).toBe(lines);
  });

  inBrowser('on a phone nothing sticks out, nothing scrolls sideways, and numbers are whole and large', async () => {
    const long = 'a-name-without-any-space-in-it'.repeat(8);
    for (const key of before.slice(0, 4_000)) put(record, `${long}/${key}`);
    const tab = await openWithDeploy();
    const wide = Array.from({ length: 9 }, (_, at) => `/${at}/${long}/*`);
    const batch = invoke(record, [`${long}/${long}.html`, ...changed.slice(0, 3_000)], Date.now());
    put(record, `${long}/${long}.html`, Date.now());
    batch.invalidate(wide);
    batch.log({ message: 'Message failed', messageId: batch.messageIds[0], why: `Access denied to ${long}` });
    batch.finish([`${long}/${long}.html`]);
    record.stale({ path: `/${long}`, eTag: 'e', changedAt: 0 });
    record.application({ cached: 6, total: 6 });
    record.begin({ ...WATCHED, folder: `/home/${long}`, maxBatchingWindow: 20 });
    await tab.until("document.querySelector('#invalidations details') !== null");
    for (const width of [390, 360, 320]) {
      await resize(tab, width, 844, true);
      for (const choice of ['newest', 'bucket', '1', '3']) {
        await tab.evaluate(`document.querySelector('[value="${choice}"]').click()`);
        await tab.evaluate(
          "document.querySelectorAll('#invalidations details:not([open]) summary, #tree button[aria-expanded=false]').forEach((each) => each.click())",
        );
        await tab.until("document.querySelector('#invalidations details').innerText.includes('/8/a-name')");
        expect({ width, choice, out: await tab.evaluate(STICKING_OUT) }).toEqual({ width, choice, out: [] });
      }
      const small = "Array.from(document.querySelectorAll('#tree td.count:not(.none), #now .number, #pages td'))";
      expect(
        await tab.evaluate(`Math.min(...${small}.map((each) => parseFloat(getComputedStyle(each).fontSize)))`),
      ).toBeGreaterThanOrEqual(13);
      // Each number says what it counts.
      expect(
        await tab.evaluate("getComputedStyle(document.querySelector('#tree td.count:not(.none)'), '::before').content"),
      ).not.toBe('none');
      // What to do is above the fold.
      expect(
        await tab.evaluate("scrollTo(0, 0), document.querySelector('#next').getBoundingClientRect().bottom < 844"),
      ).toBe(true);
    }
  });

  inBrowser('nothing stands in the way of who cannot see, tell colours apart, or bear motion', async () => {
    const tab = await openWithDeploy();
    for (const scheme of ['light', 'dark'] as const) {
      for (const width of [1240, 500, 390]) {
        await resize(tab, width);
        await prefer(tab, scheme);
        for (const batch of ['bucket', '1', '2', '3']) {
          await tab.evaluate(`document.querySelector('[value="${batch}"]').click()`);
          expect({ scheme, width, batch, violations: await violations(tab) }).toEqual({
            scheme,
            width,
            batch,
            violations: [],
          });
        }
        expect(await tab.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        const moving =
          "Array.from(document.querySelectorAll('*')).filter((each) => getComputedStyle(each).transitionDuration !== '0s').length";
        expect(await tab.evaluate(moving)).toBe(0);
      }
    }
  });
});
