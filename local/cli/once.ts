import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { viewerPaths as urlsOf } from '../../lambda/paths/viewer-path';
import type { LocalStack } from '../local-stack';
import { watchFreshness } from './freshness';
import { keptApart } from './kept-apart';
import { paidFor, whyMore } from './paid-for';
import { count, type Report, seconds } from './report';
import { contentTypeOf, type SiteFile } from './site-folder';
import { PART_SIZE } from './upload';
import { verified } from './verified';
import { view, viewerPaths } from './viewer';

/** Milliseconds beyond the batching window after which a page that is stale is called so. */
const LONGEST_WAIT = 20_000;

/** Objects that the script changes; as many others it looks at. */
const MOST = 10;

/** Of the archive, it looks at so many. */
const OF_ARCHIVE = 3;

/**
 * The whole pipeline by script: lets the edge hold every page of the site, changes some of its objects and deletes one,
 * and looks at the edge until it serves them. The files themselves stay as they are.
 *
 * @param files what was uploaded
 * @param archive keys of what is in the bucket besides
 * @returns whether every changed page was seen stale, and then fresh
 */
export async function runOnce(
  stack: LocalStack,
  files: readonly SiteFile[],
  archive: readonly string[],
  report: Report,
  signal: AbortSignal,
): Promise<boolean> {
  const changed = toChange(files);
  if (changed.length === 0) {
    report.warn('The folder holds nothing to change that is served and watched.');
    return false;
  }
  const untouched = files.filter((file) => !changed.includes(file)).slice(0, MOST);
  const every = Math.ceil(archive.length / OF_ARCHIVE);
  const unchanged = [...untouched.map(({ key }) => key), ...archive.filter((_, at) => at % every === 0)];
  const pathsOf = (keys: readonly string[]) => keys.flatMap((key) => viewerPaths(key, stack.site));
  const pages = pathsOf([...changed.map(({ key }) => key), ...unchanged]);
  for (const path of pages) {
    const { status } = await view(stack.edge.url, path);
    if (status === 200) continue;
    report.warn(`The edge does not serve ${path}: ${status}.`);
    return false;
  }
  report.say(`The edge holds ${count(pages.length, 'page')} now. Changing ${count(changed.length, 'object')}.\n`);

  const freshness = watchFreshness(stack.edge.url, { onStale: report.stale, onFresh: report.fresh });
  const fresh = freshness.freshAfter;
  try {
    const since = Date.now();
    const waitsBefore = report.pacedWaits.length;
    const deleted = changed.length > 1 ? changed.at(-1) : undefined;
    const seen = await Promise.all(
      changed.map(async (file) => {
        const eTag = file === deleted ? await remove(stack, file) : await change(stack, file);
        const changedAt = Date.now();
        const paths = viewerPaths(file.key, stack.site);
        return Promise.all(paths.map((path) => freshness.follow({ path, eTag, changedAt })));
      }),
    );
    const deletedBy = Date.now();
    const stale = seen.flat().filter(Boolean).length;
    const total = seen.flat().length;

    await freshness.untilFresh(stack.maxBatchingWindow * 1_000 + LONGEST_WAIT, signal);

    const otherPages = pathsOf(unchanged);
    const views = await Promise.all(otherPages.map((path) => view(stack.edge.url, path)));
    const kept = otherPages.filter((_, at) => views[at]?.cached);
    report.kept(kept);
    const keys = deleted ? [deleted.key] : [];
    const audit = signal.aborted ? undefined : await verified(stack, { since, deleted: keys, deletedBy });
    const passed = total > 0 && stale === total && fresh.length === total && audit?.isFresh === true;
    report.say('');
    report.say(
      passed
        ? `All ${count(total, 'changed page')} were stale at first, and fresh ${seconds(Math.max(...fresh))} later at most.`
        : `Of ${count(total, 'changed page')}, ${stale} were seen stale, and ${fresh.length} of those fresh.`,
    );
    const expectedWait = keptApart(report.pacedWaits.slice(waitsBefore));
    if (expectedWait !== '') report.say(expectedWait);
    if (audit) report.say(`\ncloudfront-invalidator verify says:\n\n${audit.report}`);
    const paid = stack.cloudFront.invalidations.flatMap(({ paths }) => paths).length;
    const urls = changed.flatMap(({ key }) => urlsOf(key, stack.site.originPath, stack.indexDocument));
    const whyUrls = whyMore(urls, pathsOf(changed.map(({ key }) => key)));
    const gone = otherPages.length - kept.length;
    const why = gone === 0 ? '' : `; a wildcard that evicts ${gone} was cheaper than the paths it saves`;
    const others = `Of ${count(otherPages.length, 'other page')} looked at, ${kept.length} stayed in the cache${why}.`;
    report.say(paidFor(paid, urls.length, whyUrls) + (otherPages.length === 0 ? '' : ` ${others}`));
    for (const path of freshness.stale.keys()) report.warn(`Still stale: ${path}`);
    return passed;
  } finally {
    freshness.close();
  }
}

/** Pages first, for they are what people see; nothing that would have to be uploaded in parts. */
function toChange(files: readonly SiteFile[]): readonly SiteFile[] {
  const small = files.filter(({ size }) => size < PART_SIZE);
  const pages = small.filter(({ key }) => key.endsWith('.html'));
  return (pages.length > 0 ? pages : small).slice(0, MOST);
}

async function change(stack: LocalStack, { key, path }: SiteFile): Promise<string> {
  const note = key.endsWith('.html') ? `<!-- changed ${new Date().toISOString()} -->\n` : '\n';
  const Body = Buffer.concat([await readFile(path), Buffer.from(note)]);
  const ContentType = contentTypeOf(key);
  await stack.s3.send(new PutObjectCommand({ Bucket: stack.site.bucket, Key: key, ContentType, Body }));
  return createHash('md5').update(Body).digest('hex');
}

async function remove(stack: LocalStack, { key }: SiteFile): Promise<undefined> {
  await stack.s3.send(new DeleteObjectCommand({ Bucket: stack.site.bucket, Key: key }));
}
