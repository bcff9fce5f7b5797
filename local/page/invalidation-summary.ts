import { isWildcard } from '../../lambda/paths/viewer-path';
import type { Invalidation } from '../cloudfront/control-plane';
import { legible } from './rows';
import type { InvalidationSummary } from './snapshot';

const MOST_PATHS = 3;

/** An invalidation, as the page tells of it. */
export function summarize({ id, createTime, status, paths }: Invalidation): InvalidationSummary {
  return {
    id,
    createTime,
    inProgress: status === 'InProgress',
    pathCount: paths.length,
    wildcardCount: paths.filter(isWildcard).length,
    paths: paths.slice(0, MOST_PATHS).map(legible),
  };
}
