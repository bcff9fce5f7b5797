import { type ILogGroup, QueryDefinition, QueryString, type QueryStringProps } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { DOLLARS_PER_PATH } from '../../lambda/contract/pricing';

/** A query of the function's log for CloudWatch Logs Insights. */
export interface SavedQuery {
  readonly id: string;
  readonly name: string;
  readonly query: QueryStringProps;
}

/** The key in the query's text: replace it by the one in question. */
export const EXAMPLE_KEY = 'docs/index.html';

export const SAVED_QUERIES: readonly SavedQuery[] = [
  {
    id: 'LastInvalidations',
    name: 'Last invalidations',
    query: {
      filterStatements: ["message = 'Invalidation accepted'"],
      sort: '@timestamp desc',
      limit: 100,
      display: '@timestamp, distribution, invalidationId, pathCount, paths.0, keyCount, keys.0, oldestChangeSeconds',
    },
  },
  {
    id: 'WhatCoveredThisKey',
    name: 'What covered this key',
    query: {
      filterStatements: [
        `@message like '"${EXAMPLE_KEY}"'`,
        "message like 'Invalidation accepted' or message = 'Already covered' or message = 'Message failed'",
      ],
      sort: '@timestamp desc',
      limit: 100,
      display: '@timestamp, message, distribution, invalidationId, receiveCount, cause, why',
    },
  },
  {
    id: 'WhatIsStuck',
    name: 'What is stuck, and why',
    query: {
      filterStatements: ["message = 'Message failed'"],
      statsStatements: [
        'max(receiveCount) as receives, latest(@timestamp) as lastFailure, latest(cause) as lastCause, latest(why) as lastWhy, latest(keys.0) as key by messageId',
      ],
      sort: 'lastFailure desc',
      limit: 100,
    },
  },
  {
    id: 'ApiErrors',
    name: 'API errors',
    query: {
      filterStatements: ["message = 'CreateInvalidation failed'"],
      statsStatements: [
        'count(*) as errors, sum(pathCount) as pathsNotAccepted, latest(@timestamp) as lastError, latest(why) as lastWhy by distribution, cause, error',
      ],
      sort: 'errors desc',
      limit: 100,
    },
  },
  {
    id: 'Cost',
    name: 'Cost by distribution and day',
    query: {
      fields: ['datefloor(@timestamp, 1d) as day'],
      filterStatements: ["message = 'Invalidation accepted'"],
      statsStatements: [
        `count(*) as invalidations, sum(pathCount) as pathsBilled, sum(pathCount) * ${DOLLARS_PER_PATH} as dollarsUnlessFree by distribution, day`,
      ],
      sort: 'day desc',
      limit: 1000,
    },
  },
];

/** Saves them where Logs Insights lists them, in a folder of the construct's path. */
export function saveQueries(scope: Construct, logGroup: ILogGroup): void {
  for (const { id, name, query } of SAVED_QUERIES) {
    new QueryDefinition(scope, id, {
      queryDefinitionName: `${scope.node.scope?.node.path}/${name}`,
      queryString: new QueryString(query),
      logGroups: [logGroup],
    });
  }
}
