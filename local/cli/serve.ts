import { once } from 'node:events';
import { styleText } from 'node:util';
import type { LocalStack } from '../local-stack';
import type { ObjectChanged } from '../s3-sqs/start';
import { viewApplication } from './application';
import { watchFreshness } from './freshness';
import { count, type Report } from './report';
import { listFolder, type SiteFolder } from './site-folder';
import { uploadFolder } from './upload-folder';
import { view, viewerPaths } from './viewer';
import { watchFolder } from './watch-folder';

/** Paths that are followed from stale to fresh at the same time. */
const MOST_FOLLOWED = 50;

/** What there is before the folder is served. */
export interface Loaded extends SiteFolder {
  /** Where the page is that shows what happens. @default - there is none */
  readonly pageUrl?: string;
}

/**
 * Serves a folder until the signal: uploads it, watches it, and prints what its changes lead to.
 *
 * @param loaded what the bucket has of the folder already. @default - nothing: all of it is uploaded
 */
export async function serve(
  stack: LocalStack,
  folder: string,
  report: Report,
  onChange: (listener: (change: ObjectChanged) => void) => void,
  signal: AbortSignal,
  loaded?: Loaded,
): Promise<void> {
  const freshness = watchFreshness(stack.edge.url, { onStale: report.stale, onFresh: report.fresh });
  let stopWatching = async () => {};
  try {
    const listed = loaded ?? (await listFolder(folder));
    const uploaded = loaded
      ? [...loaded.files]
      : await uploadFolder(stack.s3, stack.site.bucket, listed.files, report, signal);
    // What has changed since it was listed is seen, too.
    stopWatching = watchFolder(stack, folder, listed, report);
    const topFirst = uploaded.toSorted((a, b) => depthOf(a.key) - depthOf(b.key));
    const paths = topFirst.flatMap(({ key }) => viewerPaths(key, stack.site)).slice(0, MOST_FOLLOWED);
    const visit = () => Promise.allSettled(paths.map((path) => view(stack.edge.url, path)));
    await visit();
    if (stack.application) await viewApplication(stack.edge.url);
    // As viewers do: what an invalidation has evicted is soon cached again.
    stack.cloudFront.onInvalidation(() => {
      void visit();
      // The edge is gone when everything stops.
      if (stack.application) viewApplication(stack.edge.url).then(report.application, () => {});
    });
    report.say(`The edge holds ${count(paths.length, 'page')} now.`);
    report.say(nextStep(folder, listed, loaded?.pageUrl));

    onChange(({ bucket, key, eTag, at }) => {
      // The ETag of an upload in parts is not the MD5 of the whole.
      if (bucket !== stack.site.bucket || eTag?.includes('-')) return;
      for (const path of viewerPaths(key, stack.site)) {
        if (freshness.stale.size < MOST_FOLLOWED) void freshness.follow({ path, eTag, changedAt: at, key });
      }
    });
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    freshness.close();
    await stopWatching();
  }
}

/** Where to look and what to do: the last that is printed before something changes. */
function nextStep(folder: string, { files }: SiteFolder, pageUrl: string | undefined): string {
  const what =
    files.length === 0
      ? `${folder} is empty: add a file and it is uploaded; ctrl-C ends.`
      : `Change a file in ${folder}; ctrl-C ends.`;
  const see = pageUrl === undefined ? '' : `  See it       ${pageUrl}\n`;
  return `\n${styleText('bold', `${see}  Next         ${what}`, { stream: process.stdout })}\n`;
}

function depthOf(key: string): number {
  return key.split('/').length;
}
