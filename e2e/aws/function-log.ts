import './silent';
import type CloudWatchLogs from 'aws-sdk/clients/cloudwatchlogs';
import { readLogLine } from '../../local/log-line';
import type { Target } from '../target';

/** Reads a log group of CloudWatch Logs. */
export function functionLog(client: CloudWatchLogs, logGroupName: string): Target['logSince'] {
  return async (startTime) => {
    const lines: Readonly<Record<string, unknown>>[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.filterLogEvents({ logGroupName, startTime, nextToken }).promise();
      for (const { message = '' } of page.events ?? []) lines.push(readLogLine(message).fields);
      nextToken = page.nextToken;
    } while (nextToken);
    return lines;
  };
}
