import type { Context } from 'aws-lambda';
import { readConfiguration } from '../../lambda/configuration';
import { INDEX_DOCUMENT, ORIGINS, REQUESTS } from '../../lambda/contract/environment';
import { CLOCK_TOLERANCE } from '../../lambda/dispatch/recent-invalidations';
import { batchOf, message, s3Body } from '../lambda/messages';
import { EPOCH } from './facts';
import type { Scenario, SiteObject } from './scenario';
import { type Call, makeStage, type Stage, type Subject } from './stage';
import type { Environment, Invocation, State } from './state';
import { environmentKey } from './state-key';

/** What an invocation keeps for reporting, and less than the shortest wait, in ms. */
const NO_TIME_TO_WAIT = 2_500;

/** How far an invocation gets with the answers it has. */
export interface Progress {
  /** Its calls that are not answered. */
  readonly calls: readonly Call[];
  /** What its writer remembers by now. */
  readonly memory: Environment['memory'];
  /** How often it paused for a second before the calls. */
  readonly pauses: number;
  /** What it returned when it ended; undefined: it has not. `failed`: it threw. */
  readonly returned?: readonly string[] | 'failed';
}

/** The progress of the invocation that an environment is in. */
export type Run = (state: State, environment: Environment) => Promise<Progress>;

/**
 * Runs the real handler from its beginning, as often as an invocation makes another step, with the answers that it got so
 * far. It does the same with the same answers, so what it did once is not run again.
 */
export function makeRun(scenario: Scenario, subject: Subject): Run {
  const { objects, distributions, timeToWait = 0, refetchesPerPath, tagged } = scenario;
  const aliases = tagged ? [{ pattern: '{name}', tags: ['t:{name}'] }] : [];
  const read = readConfiguration({
    [ORIGINS]: JSON.stringify(
      distributions.map((distribution) => ({ bucket: 'site', distribution, path: '', aliases })),
    ),
    [REQUESTS]: 'on',
    [INDEX_DOCUMENT]: 'index.html',
  });
  const configuration = { ...read, ...(refetchesPerPath && { refetchesPerPath }) };
  const known = new Map<string, Promise<Progress>>();

  async function run(state: State, environment: Environment, invocation: Invocation): Promise<Progress> {
    const { batch, requestId, startTime, answers } = invocation;
    const stage = makeStage(subject, configuration, scenario, environment);
    stage.now = startTime;
    const records = batch.map(({ id, change, receives }) => {
      const { key, viewerPaths, requested } = objects[state.changes[change - 1] as number] as SiteObject;
      // S3's clock, or SQS's, is as slow as it may be: an invalidation looks that much younger than the change before it.
      const time = EPOCH + change - CLOCK_TOLERANCE;
      if (!requested) return message(id, s3Body(key, { time: new Date(time).toISOString() }), receives);
      const [distribution = ''] = distributions;
      const record = message(id, requestOf(distribution, viewerPaths), receives);
      return { ...record, attributes: { ...record.attributes, SentTimestamp: String(time) } };
    });
    const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => NO_TIME_TO_WAIT + timeToWait };
    let returned: Progress['returned'];
    subject
      .makeHandler(stage.dependencies)(batchOf(...records), context as Context)
      .then(
        ({ batchItemFailures }) => {
          returned = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
        },
        () => {
          returned = 'failed';
        },
      );
    await giveAnswers(stage, answers);
    return { calls: stage.waiting.map(({ call }) => call), memory: stage.memory(), pauses: stage.pauses, returned };
  }

  return (state, environment) => {
    const { invocation } = environment;
    if (!invocation) throw new Error('The environment must be in an invocation');
    const key = `${invocation.requestId} ${environmentKey(environment)}${invocation.batch.map(({ change }) => state.changes[change - 1])}`;
    const progress = known.get(key) ?? run(state, environment, invocation);
    known.set(key, progress);
    return progress;
  };
}

function requestOf(distribution: string, viewerPaths: readonly string[]): string {
  const paths = viewerPaths.filter((path) => !path.startsWith('#'));
  const tags = viewerPaths.filter((path) => path.startsWith('#')).map((path) => path.slice(1));
  return JSON.stringify({ invalidate: { distribution, paths, tags } });
}

/** Answers calls in the order in which the answers came, up to the last answer. */
async function giveAnswers(stage: Stage, answers: Invocation['answers']): Promise<void> {
  const left = new Map(Object.entries(answers).map(([distribution, each]) => [distribution, [...each]]));
  for (;;) {
    await everythingThatCanHappen();
    const [next] = stage.waiting
      .flatMap((waiting) => {
        const [answer] = left.get(waiting.call.distribution) ?? [];
        return answer ? [{ waiting, answer }] : [];
      })
      .sort((a, b) => a.answer.at - b.answer.at);
    if (!next) return;
    const { waiting, answer } = next;
    left.get(waiting.call.distribution)?.shift();
    stage.waiting.splice(stage.waiting.indexOf(waiting), 1);
    stage.now = answer.at;
    stage.pauses = 0;
    waiting.settle(answer);
  }
}

/** The handler waits for nothing but promises, and all of their callbacks run before this. */
function everythingThatCanHappen(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
