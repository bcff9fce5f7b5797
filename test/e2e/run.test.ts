import type { Experiment } from '../../e2e/finding';
import { pathBudget } from '../../e2e/path-budget';
import { type Run, run } from '../../e2e/run';
import type { Deployment, Target } from '../../e2e/target';
import { LOCAL_WAITS } from '../../e2e/waits';

const FINDING = { question: 'q', answer: 'a' };

/** What happened to a deployment, and what came of the run. */
async function outcomeOf(
  changes: Partial<Run> & { deploy?: Deployment['deploy']; remove?: Deployment['remove'] } = {},
) {
  const happened: string[] = [];
  const deployment: Deployment = {
    name: 'nowhere',
    async deploy(window, signal) {
      happened.push('deploy');
      return changes.deploy ? await changes.deploy(window, signal) : ({} as Target);
    },
    async remove() {
      happened.push('remove');
      await changes.remove?.();
    },
  };
  const outcome = await run({
    deployment,
    experiments: [experiment(async () => [FINDING])],
    waits: LOCAL_WAITS,
    budget: pathBudget(10),
    lastStart: 60_000,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...changes,
  });
  return { happened, ...outcome };
}

const experiment = (run: Experiment['run'], others: Partial<Experiment> = {}): Experiment => ({
  name: 'it',
  run,
  ...others,
});

const fail = async () => {
  throw new Error('Out of order.');
};

test('everything is removed when all is well', async () => {
  expect(await outcomeOf()).toEqual({ happened: ['deploy', 'remove'], findings: [FINDING], failures: [] });
});

test('everything is removed when the deployment fails half way', async () => {
  expect(await outcomeOf({ deploy: fail })).toEqual({
    happened: ['deploy', 'remove'],
    findings: [],
    failures: ['Out of order.'],
  });
});

test('an experiment that fails spoils none of the others, and the run fails', async () => {
  const experiments = [experiment(fail), experiment(async () => [FINDING])];
  const { happened, findings, failures } = await outcomeOf({ experiments });
  expect(happened).toEqual(['deploy', 'remove']);
  expect(findings).toEqual([{ question: 'it', answer: 'it failed', seen: 'Out of order.' }, FINDING]);
  expect(failures).toEqual(['it: Out of order.']);
});

test('everything is removed, and no further experiment begins, when it is stopped', async () => {
  const stopping = new AbortController();
  const second = jest.fn(async () => [FINDING]);
  const experiments = [
    experiment(async (lab) => {
      stopping.abort();
      await lab.pause(60_000);
      return [FINDING];
    }),
    experiment(second),
  ];
  const { happened, failures } = await outcomeOf({ experiments, signal: stopping.signal });
  expect(happened).toEqual(['deploy', 'remove']);
  expect(failures).toEqual(['Stopped.']);
  expect(second).not.toHaveBeenCalled();
});

test('what cannot be removed is said', async () => {
  expect((await outcomeOf({ remove: fail })).failures).toEqual(['Out of order.']);
});

test.each<[string, Partial<Experiment>, Partial<Run>, string]>([
  ['would cost too much', { paths: 11 }, {}, 'needs --max-paths 11 or more'],
  ['would cost too much by the invalidator', { paths: 9, invalidatorPaths: 2 }, {}, 'needs --max-paths 11 or more'],
  ['comes too late', {}, { lastStart: -1 }, 'no time is left'],
])('what %s is not measured; a promise that was not seen kept is broken', async (_, others, changes, seen) => {
  const begun = jest.fn(async () => [FINDING]);
  const experiments = [experiment(begun, others), experiment(begun, { ...others, isPromise: true })];
  const { findings } = await outcomeOf({ experiments, ...changes });
  const row = { question: 'it', answer: 'not measured', seen };
  expect(findings).toEqual([row, { ...row, kept: false }]);
  expect(begun).not.toHaveBeenCalled();
});
