import type { LocalRecord } from '../../local/page/record';
import type { PageServer } from '../../local/page/server';
import type { Tab } from '../../scripts/browser';
import { deploy, invoke, put, WATCHED } from './deploy';
import { inBrowser, open, startRecord, textOf, useBrowser } from './in-browser';

useBrowser();

let record: LocalRecord;
let server: PageServer;

beforeEach(async () => {
  ({ record, server } = await startRecord());
});

afterEach(() => server.close());

const PAGE = { path: '/a', eTag: 'e', changedAt: 0 };
const SAMPLE = { ...WATCHED, folder: 'local/site', isSample: true, maxBatchingWindow: 20 };
const OWN = { ...WATCHED, folder: 'my-site', maxBatchingWindow: 20 };

/** The object is in the bucket from the beginning. */
function loaded(): void {
  record.event({ kind: 'loaded', bucket: WATCHED.bucket, keys: ['a.html'] });
}

/** The one command that is shown; none: undefined. */
async function command(tab: Tab): Promise<string | undefined> {
  const shown = await tab.evaluate<string[]>(
    "Array.from(document.querySelectorAll('#next code'), (each) => each.innerText).filter(Boolean)",
  );
  expect(shown.length).toBeLessThan(2);
  expect(await tab.evaluate("document.querySelector('#copy').checkVisibility()")).toBe(shown.length > 0);
  return shown[0];
}

const says = (tab: Tab, text: string) => tab.until(`${textOf('#next-step')}.startsWith('${text}')`);

/** A change goes all its way, from stale to fresh. */
async function becomesFresh(tab: Tab): Promise<void> {
  put(record, 'a.html', Date.now());
  record.stale(PAGE);
  await says(tab, '1 changed object on the way: changes are gathered for 20 s');
  expect(await command(tab)).toBeUndefined();
  const batch = invoke(record, ['a.html'], Date.now());
  await says(tab, 'The function is handling 1 batch. 1 page is stale until then.');
  batch.invalidate(['/a']);
  batch.finish();
  await says(tab, 'Every change is covered: 1 page will be fresh when');
  record.fresh(PAGE, 1_000);
}

inBrowser('of the sample site: change a file, watch it, then try your own site', async () => {
  loaded();
  record.begin(SAMPLE);
  const tab = await open(server.url);
  await says(tab, 'Change a file in local/site, and watch its page go from stale to fresh.');
  expect(await command(tab)).toBe("echo '<p>Changed.</p>' >> local/site/index.html");
  await becomesFresh(tab);
  await says(tab, 'It works: what was stale is fresh. Next, try your own site.');
  expect(await command(tab)).toBe('npm start -- DIR');
  expect(await tab.evaluate(textOf('#next-hint'))).toContain('change many files, or delete one');
});

inBrowser('of your own site: change a file, watch it, then deploy, and that stays when the run has ended', async () => {
  loaded();
  record.begin(OWN);
  const tab = await open(server.url);
  await says(tab, 'Change a file in my-site, and watch its page go from stale to fresh.');
  expect(await command(tab)).toBeUndefined();
  await becomesFresh(tab);
  await says(tab, 'It works: what was stale is fresh. Next, deploy to your AWS account');
  expect(await command(tab)).toBe('npx cdk deploy');
  expect(await tab.evaluate(textOf('#next-hint'))).toContain('docs/without-cdk.md');
  // Another change is another step; after it, deploying is the next one still.
  await becomesFresh(tab);
  await says(tab, 'It works');
  await server.close();
  await says(tab, 'The local run has ended. Below is what was last seen. Next, deploy');
  expect(await command(tab)).toBe('npx cdk deploy');
  tab.complaints.length = 0;
});

inBrowser('while nothing has gone from stale to fresh, a run that has ended is to be started again', async () => {
  loaded();
  record.begin(SAMPLE);
  const tab = await open(server.url);
  await says(tab, 'Change a file');
  await server.close();
  await says(tab, 'The local run has ended. Below is what was last seen. Start it again');
  expect(await command(tab)).toBe('npm start');
  tab.complaints.length = 0;
});

inBrowser('an empty folder needs a file first, and its upload is no success yet', async () => {
  record.begin(OWN);
  const tab = await open(server.url);
  await says(tab, 'Put a file into my-site: it is uploaded to the bucket.');
  deploy(record, ['a.html'], ['/a.html']);
  await says(tab, 'Every change is covered, and no page was stale. Change a file in my-site that was there before.');
});

inBrowser('a retry says where its reason is', async () => {
  record.begin(OWN);
  const tab = await open(server.url);
  put(record, 'a.html', Date.now());
  const batch = invoke(record, ['a.html'], Date.now());
  batch.log({ message: 'Message failed', messageId: batch.messageIds[0], why: 'Rate exceeded' });
  batch.finish(['a.html']);
  await tab.until(`${textOf('#next-step')}.includes('choose the newest batch to see why')`);
  await tab.until(`${textOf('#plan-summary')}.includes('1 message will be retried: Rate exceeded.')`);
  await tab.until(`${textOf('#choices')}.includes('1 message to be retried: Rate exceeded')`);
  invoke(record, ['a.html'], Date.now() + 1_000, batch).finish();
  await says(tab, 'Every change is covered');
});

inBrowser('a script needs nobody, and a dry run never makes anything fresh', async () => {
  record.begin({ ...SAMPLE, byScript: true });
  const tab = await open(server.url);
  await says(tab, 'A script changes objects');
  expect(await command(tab)).toBeUndefined();
  record.begin({ ...OWN, dryRun: true });
  await says(tab, 'Put a file into');
  deploy(record, ['a.html'], []);
  record.stale(PAGE);
  await says(tab, 'A dry run: nothing was invalidated, and stale pages stay stale.');
  expect(await command(tab)).toBe('npm start -- my-site');
});

inBrowser('a folder that a shell would take apart is in no command', async () => {
  record.begin({ ...SAMPLE, folder: 'site; rm -rf ~' });
  loaded();
  const tab = await open(server.url);
  await says(tab, 'Change a file in site; rm -rf ~');
  expect(await command(tab)).toBeUndefined();
  deploy(record, ['a.html'], [], Date.now());
  await says(tab, 'Every change is covered, and no page was stale. Change a file in site; rm -rf ~');
  expect(await command(tab)).toBeUndefined();
  record.event({ kind: 'broken', why: 'SQS has ended' });
  await says(tab, 'The stack is of no more use. End it with ctrl-C, and start it again.');
  await tab.until("getComputedStyle(document.querySelector('main')).filter === 'grayscale(1)'");
});

inBrowser('the command is copied, and that is said until there is another', async () => {
  loaded();
  record.begin(SAMPLE);
  const tab = await open(server.url);
  await says(tab, 'Change a file');
  await tab.send('Browser.grantPermissions', { permissions: ['clipboardReadWrite', 'clipboardSanitizedWrite'] });
  await tab.send('Page.bringToFront');
  await tab.evaluate("document.querySelector('#copy').focus()");
  await tab.press('Enter');
  await tab.until(`${textOf('#copied')} === 'Copied.'`);
  expect(await tab.evaluate('navigator.clipboard.readText()')).toBe("echo '<p>Changed.</p>' >> local/site/index.html");
  await becomesFresh(tab);
  await says(tab, 'It works');
  expect(await tab.evaluate(textOf('#copied'))).toBe('');
});

inBrowser('where the browser does not let it be copied, it is selected', async () => {
  loaded();
  record.begin(SAMPLE);
  const tab = await open(server.url);
  await says(tab, 'Change a file');
  await tab.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('denied')); 0");
  await tab.evaluate("document.querySelector('#copy').click()");
  await tab.until(`${textOf('#copied')}.startsWith('Selected')`);
  expect(await tab.evaluate('String(getSelection())')).toBe("echo '<p>Changed.</p>' >> local/site/index.html");
});
