import { readConfiguration } from '../../lambda/configuration';
import type { Dependencies } from '../../lambda/dependencies';
import { CLOCK_TOLERANCE } from '../../lambda/dispatch/recent-invalidations';
import type { makeHandler } from '../../lambda/handler';
import { batchOf, contextWith, message, s3Body } from '../lambda/messages';
import type { Call } from './cloudfront';
import { EPOCH, makeStage, type Stage } from './means';
import type { Scenario, SiteObject } from './scenario';
import type { Environment, Invocation, KnownPath, State } from './state';
import { environmentKey } from './state-key';

/** What an invocation keeps for reporting, and less than the shortest wait, in ms. */
const NO_TIME_TO_WAIT = 2_500;

/** The function under test. */
export interface Subject {
  readonly makeHandler: typeof makeHandler;
  /** What it works with, where a test has it work with something else. */
  readonly means?: (means: Dependencies) => Dependencies;
}

/** How far an invocation gets with the answers it has. */
export interface Progress {
  /** Its calls that are not answered. */
  readonly calls: readonly Call[];
  /** What it knows by now. */
  readonly memory: readonly KnownPath[];
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
export function makeRun(scenario: Scenario, { makeHandler, means = (given) => given }: Subject): Run {
  const { objects, distributions, receivedBefore = 0, patience = 0 } = scenario;
  const configuration = readConfiguration({
    ORIGINS: JSON.stringify(distributions.map((distribution) => ({ bucket: 'site', distribution, path: '' }))),
    INDEX_DOCUMENT: 'index.html',
  });
  const known = new Map<string, Promise<Progress>>();

  async function run(state: State, { memory }: Environment, { batch, startTime, answers }: Invocation) {
    const stage = makeStage(configuration, scenario, memory, startTime);
    const records = batch.map(({ id, change, receives }) => {
      const { key } = objects[state.changes[change - 1] as number] as SiteObject;
      // S3's clock is as slow as it may be: an invalidation looks that much younger than the change before it.
      const time = new Date(EPOCH + change - CLOCK_TOLERANCE).toISOString();
      return message(id, s3Body(key, { time }), receives + receivedBefore);
    });
    let returned: Progress['returned'];
    makeHandler(means(stage.means))(batchOf(...records), contextWith(NO_TIME_TO_WAIT + patience)).then(
      ({ batchItemFailures }) => {
        returned = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      },
      () => {
        returned = 'failed';
      },
    );
    await giveAnswers(stage, answers);
    return {
      calls: stage.waiting.map(({ distribution, reference, paths }) => ({ distribution, reference, paths })),
      memory: newest(stage.known),
      pauses: stage.pauses,
      returned,
    };
  }

  return (state, environment) => {
    const { invocation } = environment;
    if (!invocation) throw new Error('The environment must be in an invocation');
    const key = environmentKey(environment) + invocation.batch.map(({ change }) => state.changes[change - 1]);
    const progress = known.get(key) ?? run(state, environment, invocation);
    known.set(key, progress);
    return progress;
  };
}

/** Answers calls in the order in which the answers came, up to the last answer. */
async function giveAnswers(stage: Stage, answers: Invocation['answers']): Promise<void> {
  const left = new Map(Object.entries(answers).map(([distribution, each]) => [distribution, [...each]]));
  for (;;) {
    await everythingThatCanHappen();
    const [next] = stage.waiting
      .flatMap(
        (call) =>
          left
            .get(call.distribution)
            ?.slice(0, 1)
            .map((answer) => ({ call, answer })) ?? [],
      )
      .sort((a, b) => a.answer.at - b.answer.at);
    if (!next) return;
    const { call, answer } = next;
    left.get(call.distribution)?.shift();
    stage.waiting.splice(stage.waiting.indexOf(call), 1);
    stage.now = answer.at;
    stage.pauses = 0;
    call.settle(answer);
  }
}

/** The handler waits for nothing but promises, and all of their callbacks run before this. */
function everythingThatCanHappen(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Of each path only the newest counts to the memory. */
function newest(paths: readonly KnownPath[]): KnownPath[] {
  const byName = new Map<string, KnownPath>();
  for (const each of paths) {
    const name = `${each.distribution}${each.path}`;
    if ((byName.get(name)?.createTime ?? Number.NEGATIVE_INFINITY) <= each.createTime) byName.set(name, each);
  }
  return Array.from(byName.keys())
    .sort()
    .map((name) => byName.get(name) as KnownPath);
}
