import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { viewerPaths as urlsOf } from '../../lambda/paths/viewer-path';
import type { LocalStack } from '../local-stack';
import { archivePage, putArchive } from './archive';
import { watchFreshness } from './freshness';
import { keptApart } from './kept-apart';
import { paidFor } from './paid-for';
import { count, type Report, seconds } from './report';
import { contentTypeOf, type SiteFile } from './site-folder';
import { verified } from './verified';
import { view, viewerPaths } from './viewer';

/** Milliseconds beyond the batching window after which a page that is stale is called so. */
const LONGEST_WAIT = 60_000;

/** Of the archive, it looks at so many. */
const OF_ARCHIVE = 6;

/**
 * A deploy that changes all of the sample site, as a generator does that writes its version into every page; looks at the edge until
 * the pages are fresh, and says what was paid for it.
 *
 * @returns whether every page that it looked at is fresh in the end
 */
export async function redeploy(
  stack: LocalStack,
  files: readonly SiteFile[],
  archive: readonly string[],
  report: Report,
  signal: AbortSignal,
): Promise<boolean> {
  const { s3, site, edge, cloudFront } = stack;
  const edition = new Date().toISOString();
  const every = Math.ceil(archive.length / OF_ARCHIVE);
  const sample = archive.filter((_, at) => at % every === 0);
  const objects = await Promise.all([
    ...files.map(async (file) => ({ key: file.key, body: await stamped(file, edition) })),
    ...sample.map((key) => ({ key, body: Buffer.from(archivePage(key, edition)) })),
  ]);
  for (const { key } of objects) for (const path of viewerPaths(key, site)) await view(edge.url, path);

  const earlier = cloudFront.invalidations.length;
  const waitsBefore = report.pacedWaits.length;
  report.say(`\nA deploy changes the whole site: ${count(files.length + archive.length, 'object')}.\n`);
  const freshness = watchFreshness(edge.url, { onStale: () => {}, onFresh: report.fresh });
  const fresh = freshness.freshAfter;
  try {
    const since = Date.now();
    await putArchive(s3, site.bucket, report, signal, edition);
    for (const { key, body } of objects.slice(0, files.length)) {
      const ContentType = contentTypeOf(key);
      await s3.send(new PutObjectCommand({ Bucket: site.bucket, Key: key, ContentType, Body: body }));
    }
    const changedAt = Date.now();
    const expected = objects.flatMap(({ key, body }) => {
      const eTag = createHash('md5').update(body).digest('hex');
      return viewerPaths(key, site).map((path) => ({ path, eTag, changedAt }));
    });
    await Promise.all(expected.map((each) => freshness.follow(each)));

    await freshness.untilFresh(stack.maxBatchingWindow * 1_000 + LONGEST_WAIT, signal);
    for (const path of freshness.stale.keys()) report.warn(`Still stale: ${path}`);
    // What covers a page may be older than what covers the tag of an image: another batch may have to come.
    const wait = freshness.stale.size === 0 ? LONGEST_WAIT : 0;
    const audit = signal.aborted ? undefined : await verified(stack, { since, wait });
    const passed = freshness.stale.size === 0 && audit?.isFresh === true;
    const paths = cloudFront.invalidations.slice(earlier).flatMap((invalidation) => invalidation.paths);
    const after = fresh.length === 0 ? '' : `, ${seconds(Math.max(...fresh))} after the deploy at most`;
    report.say('');
    if (passed) report.say(`All ${count(expected.length, 'page')} looked at are fresh${after}.`);
    const expectedWait = keptApart(report.pacedWaits.slice(waitsBefore));
    if (expectedWait !== '') report.say(expectedWait);
    if (audit) report.say(`cloudfront-invalidator verify says: ${summaryOf(audit.report)}`);
    const urls = [...files.map(({ key }) => key), ...archive].flatMap((key) =>
      urlsOf(key, site.originPath, stack.indexDocument),
    );
    const changed = files.length + archive.length;
    const why = urls.length > changed ? `some of the ${count(changed, 'object')} have several URLs` : '';
    report.say(paidFor(paths.length, urls.length, why));
    return passed;
  } finally {
    freshness.close();
  }
}

/** Without the objects. */
function summaryOf(report: string): string {
  return report.slice(report.indexOf('\n\n') + 2).trimEnd();
}

async function stamped({ path }: SiteFile, edition: string): Promise<Buffer> {
  return Buffer.concat([await readFile(path), Buffer.from(`\n<!-- edition ${edition} -->\n`)]);
}
