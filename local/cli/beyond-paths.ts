import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { invalidationRequest } from '../../cli/request/invalidation-request';
import { servedName } from '../../lambda/paths/viewer-path';
import { render, renditionPath } from '../application/renditions';
import { BOOKINGS_PAGE } from '../application/server';
import type { LocalStack } from '../local-stack';
import { type Expected, watchFreshness } from './freshness';
import { type Report, seconds } from './report';
import { contentTypeOf, type SiteFile } from './site-folder';
import { verified } from './verified';
import { view, viewerPaths } from './viewer';

/** Milliseconds beyond the batching window after which a page that is stale is called so. */
const LONGEST_WAIT = 20_000;

/** Of the rendition, in pixels. */
const WIDTH = 320;

/** An image, whose renditions no path of its own reaches. */
export function isImage({ key }: SiteFile): boolean {
  return key.endsWith('.svg');
}

/**
 * What no path of an object reaches: changes an image, of which a rendition is cached, and a page of the application, which asks for
 * its invalidation by a message. Looks at the edge until it serves both.
 *
 * @param image what {@link isImage}; the stack has renditions and an application, and takes requests
 * @returns whether both were seen stale, and then fresh
 */
export async function showBeyondPaths(
  stack: LocalStack,
  image: SiteFile,
  report: Report,
  signal: AbortSignal,
): Promise<boolean> {
  const { edge, site, sqs, queue } = stack;
  const rendition = renditionPath(servedName(image.key, site.originPath) ?? '', WIDTH);
  for (const path of [...viewerPaths(image.key, site), rendition, BOOKINGS_PAGE]) {
    const { status } = await view(edge.url, path);
    if (status === 200) continue;
    report.warn(`The edge does not serve ${path}: ${status}.`);
    return false;
  }
  report.say(`
Two things that no path of an object reaches. ${rendition} is made of ${image.key}: the edge holds it with a cache tag, and a rule
leads from the one to the other. ${BOOKINGS_PAGE} is of the application, which asks for its invalidation, as by
  cloudfront-invalidator request --queue-url ${queue.url} --distribution ${site.id} --path ${BOOKINGS_PAGE}
`);
  const freshness = watchFreshness(edge.url, { onStale: report.stale, onFresh: report.fresh });
  const fresh = freshness.freshAfter;
  try {
    const since = Date.now();
    const expected = [...(await changeImage(stack, image, rendition)), await book(stack)];
    const seen = await Promise.all(expected.map((each) => freshness.follow(each)));
    const request = invalidationRequest(site.id, [BOOKINGS_PAGE], []);
    await sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: JSON.stringify(request) }));

    await freshness.untilFresh(stack.maxBatchingWindow * 1_000 + LONGEST_WAIT, signal);
    for (const path of freshness.stale.keys()) report.warn(`Still stale: ${path}`);
    const wait = freshness.stale.size === 0 ? LONGEST_WAIT : 0;
    const audit = signal.aborted ? undefined : await verified(stack, { since, wait });
    const areFresh = seen.every(Boolean) && fresh.length === expected.length;
    if (areFresh) {
      const after = seconds(Math.max(...fresh));
      report.say(`\nThe rendition and the application's page were stale at first, and fresh ${after} later at most.`);
    }
    if (audit) report.say(`\ncloudfront-invalidator verify says, by the same rules (--aliases):\n\n${audit.report}`);
    return areFresh && audit?.isFresh === true;
  } finally {
    freshness.close();
  }
}

async function changeImage(
  { s3, site }: LocalStack,
  { key, path }: SiteFile,
  rendition: string,
): Promise<readonly Expected[]> {
  const svg = `${await readFile(path, 'utf8')}<!-- changed ${new Date().toISOString()} -->\n`;
  await s3.send(new PutObjectCommand({ Bucket: site.bucket, Key: key, ContentType: contentTypeOf(key), Body: svg }));
  const changedAt = Date.now();
  return [
    ...viewerPaths(key, site).map((each) => ({ path: each, eTag: eTagOf(svg), changedAt })),
    { path: rendition, eTag: eTagOf(render(svg, WIDTH)), changedAt },
  ];
}

/** The page as the application makes it now, past the edge. */
async function book({ application }: LocalStack): Promise<Expected> {
  application?.book();
  const page = await fetch(`http://localhost:${application?.port}${BOOKINGS_PAGE}`);
  return { path: BOOKINGS_PAGE, eTag: eTagOf(await page.text()), changedAt: Date.now() };
}

function eTagOf(body: string): string {
  return createHash('md5').update(body).digest('hex');
}
