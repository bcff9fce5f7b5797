import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { type AuditQuestion, audit } from '../../cli/verify/audit';
import { isFresh, reportOf } from '../../cli/verify/report';
import type { Experiment } from '../finding';
import { WATCHED } from '../target';

/** Of all that the experiments before it changed. */
export const verdict: Experiment = {
  name: 'verdict',
  isPromise: true,
  async run({ target, waits, startedAt, pause }) {
    const question: AuditQuestion = {
      bucket: target.bucket,
      distribution: target.distribution,
      since: { at: startedAt },
      prefix: WATCHED,
      keys: [],
      wait: waits.pipeline,
      aliases: [],
      ...(target.clockTolerance !== undefined && { clockTolerance: target.clockTolerance }),
    };
    const surroundings = {
      now: () => performance.now(),
      pause: (ms: number) => pause(Math.min(ms, waits.api)),
      onProgress: () => {},
    };
    const found = await audit(question, target, surroundings);
    const [, sentence = ''] = /\n\n([^\n]*)\n/.exec(Array.from(reportOf(question, found)).join('')) ?? [];
    const { Attributes } = await target.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: target.deadLetterQueueUrl, AttributeNames: ['All'] }),
    );
    const dead = Number(Attributes?.ApproximateNumberOfMessages);
    const hasChanges = found.changes.length > 0;
    return [
      {
        question: 'cloudfront-invalidator verify says that everything is fresh',
        answer: isFresh(found) && hasChanges ? 'it does' : 'it does not',
        seen: sentence,
        kept: isFresh(found) && hasChanges,
      },
      { question: 'The dead-letter queue is empty', answer: `${dead} messages`, kept: dead === 0 },
    ];
  },
};
