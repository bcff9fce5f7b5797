import type { Experiment } from '../finding';
import { apostrophe } from './apostrophe';
import { callerReference } from './caller-reference';
import { effective } from './effective';
import { freshness } from './freshness';
import { loneMessage, windows } from './lone-message';
import { pollers } from './pollers';
import { quotas } from './quotas';
import { spellings } from './spellings';
import { tagOfError } from './tag-of-error';
import { verdict } from './verdict';

/** The quotas come last: they make CloudFront busy for all others. */
export function experimentsOf({ withWindows }: { readonly withWindows: boolean }): readonly Experiment[] {
  return [
    ...[freshness, pollers, withWindows ? windows : loneMessage, verdict],
    ...[spellings, apostrophe, effective, callerReference, tagOfError, quotas],
  ];
}
