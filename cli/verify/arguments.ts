import { readFileSync } from 'node:fs';
import { globFault } from '../../lambda/contract/option-rules';
import { keysIn } from '../key-lines';
import { checked, needed, noPositionals } from '../option-values';
import { readOptions } from '../options';
import { QUESTION_OPTIONS, readQuestion, STATED_USAGE } from '../question';
import { reasonOf } from '../reason';
import { readAliases } from './aliases-file';
import type { AuditQuestion } from './audit';
import { type Moment, readDuration, readMoment, timeOf } from './moment';

export const usage = `usage: cloudfront-invalidator verify --bucket NAME --distribution ID --since TIME [options]

Checks that every object that changed in a bucket is invalidated. Each of its viewer paths needs a completed invalidation
that was created after the change. It asks CloudFront, so it does not matter who sent the invalidation.

  --since TIME             check what changed since then: 90s, 5m, 1h, 2d, or 2026-11-23T08:00:00Z
  --wait DURATION          how long to wait for what is missing (default: not at all)
  --keys FILE              further changed keys, one per line, such as deleted ones; - for standard input
  --changed-by TIME        when the latest change of --keys, and of uploads in parts, had happened (default: now)
  --prefix PREFIX          the option prefix, if you set it: only keys that begin with it
  --exclude GLOB           the option exclude, if you set it; can be repeated
  --aliases FILE           the option aliases, if you set it, as JSON: further paths and cache tags are checked, too
${STATED_USAGE}
  --help                   print this text

Examples:
  aws s3 sync site s3://site-bucket && cloudfront-invalidator verify --bucket site-bucket --distribution E123EXAMPLE --since 10m --wait 5m
  cloudfront-invalidator verify --bucket site-bucket --distribution E123EXAMPLE --since 1h --keys deleted.txt --changed-by 5m

It uses your credentials and changes nothing. It needs cloudfront:GetDistributionConfig, cloudfront:GetCachePolicyConfig,
cloudfront:ListInvalidations, cloudfront:GetInvalidation and s3:ListBucket.
For a tenant, the last two of CloudFront's end in ForDistributionTenant.

Exit codes: 0, everything is covered and completed; 1, something is not; 2, the command line is wrong, or AWS cannot be read.
`;

/**
 * @param now in ms since the epoch
 * @throws an Error that says in a sentence what is wrong with the command line
 */
export function readArguments(args: readonly string[], now = Date.now()): AuditQuestion {
  const { values, positionals } = readOptions(args, {
    ...QUESTION_OPTIONS,
    since: { type: 'string' },
    wait: { type: 'string' },
    keys: { type: 'string' },
    'changed-by': { type: 'string' },
    prefix: { type: 'string' },
    exclude: { type: 'string', multiple: true, default: [] },
    aliases: { type: 'string' },
  });
  noPositionals(positionals);
  const { wait, keys, 'changed-by': changedBy } = values;
  return {
    ...readQuestion(values),
    since: notLater(readMoment(needed(values.since, '--since TIME'), '--since'), now, '--since'),
    wait: wait === undefined ? 0 : readDuration(wait, '--wait'),
    keys: keys === undefined ? [] : keysOf(keys),
    changedBy:
      changedBy === undefined ? undefined : notLater(readMoment(changedBy, '--changed-by'), now, '--changed-by'),
    prefix: values.prefix,
    exclude: values.exclude.map((glob) => checked(glob, '--exclude', globFault)),
    aliases: values.aliases === undefined ? [] : aliasesOf(values.aliases),
  };
}

/** Clocks may differ a little. */
const TOLERANCE = 60_000;

function notLater(moment: Moment, now: number, option: string): Moment {
  const time = timeOf(moment, now);
  if (time <= now + TOLERANCE) return moment;
  throw new Error(`${option} must be a time that has passed, but it is ${new Date(time).toISOString()}.`);
}

function keysOf(file: string): string[] {
  return keysIn(
    bytesOf(file === '-' ? 0 : file, '--keys must be a file with keys'),
    file === '-' ? 'Standard input' : `--keys ${file}`,
  );
}

function aliasesOf(file: string) {
  return readAliases(bytesOf(file, '--aliases must be a file with rules').toString(), `--aliases ${file}`);
}

/** @param file its name, or 0 for standard input */
function bytesOf(file: string | 0, rule: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${rule}, but ${file || '-'} cannot be read: ${reasonOf(error)}.`);
  }
}
