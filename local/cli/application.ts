import { APPLICATION_PAGES } from '../application/server';
import { count, type Report } from './report';
import { view } from './viewer';

/**
 * Whether `npm start -- --once` fails when a page of the application has left the cache. Only a function that reads its
 * distribution's configuration knows that there is an application.
 */
export const APPLICATION_MUST_STAY_CACHED = true;

/** How many of the application's pages the edge had when they were looked at. */
export interface ApplicationSeen {
  readonly cached: number;
  readonly total: number;
}

/** Looks at each page of the application, as viewers do: what the edge did not have it has now. */
export async function viewApplication(edgeUrl: string): Promise<ApplicationSeen> {
  const views = await Promise.all(APPLICATION_PAGES.map((path) => view(edgeUrl, path)));
  const { status } = views.find((each) => each.status !== 200) ?? {};
  if (status !== undefined) throw new Error(`The edge does not serve the application: ${status}.`);
  return { cached: views.filter(({ cached }) => cached).length, total: views.length };
}

/** Lets the edge hold every page of the application. */
export async function holdApplication(edgeUrl: string, report: Report): Promise<void> {
  const { total } = await viewApplication(edgeUrl);
  report.say(`The edge holds ${count(total, 'page')} of the application, too: no object of the bucket is behind them.`);
}

/**
 * Says how many of the application's pages are still cached.
 *
 * @returns whether all of them are, or need not be
 */
export async function applicationStayed(
  edgeUrl: string,
  report: Report,
  mustStay = APPLICATION_MUST_STAY_CACHED,
): Promise<boolean> {
  const seen = await viewApplication(edgeUrl);
  report.application(seen);
  return seen.cached === seen.total || !mustStay;
}
