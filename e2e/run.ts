import type { Experiment, Finding } from './finding';
import { openLab } from './lab';
import type { PathBudget } from './path-budget';
import type { Deployment } from './target';
import type { Waits } from './waits';

export interface Run {
  readonly deployment: Deployment;
  readonly experiments: readonly Experiment[];
  readonly waits: Waits;
  readonly budget: PathBudget;
  /** Begins no experiment later than so many ms after the start: the rest of the time is for the removal. */
  readonly lastStart: number;
  /** Stops the run. What is deployed is removed all the same. */
  readonly signal: AbortSignal;
  readonly onProgress: (sentence: string) => void;
}

/** What came of a run. */
export interface Outcome {
  readonly findings: readonly Finding[];
  /** What went wrong, in sentences. */
  readonly failures: readonly string[];
}

/** Deploys, makes the experiments, and removes everything, whatever happens. */
export async function run({ deployment, experiments, signal, onProgress, ...rest }: Run): Promise<Outcome> {
  const findings: Finding[] = [];
  const failures: string[] = [];
  const start = performance.now();
  try {
    signal.throwIfAborted();
    onProgress('Deploying');
    const deploy = (window?: number) => deployment.deploy(window, signal);
    const lab = await openLab({ ...rest, signal, deploy });
    for (const experiment of experiments) {
      signal.throwIfAborted();
      const why = reasonToSkip(experiment, rest, performance.now() - start);
      if (why !== undefined) {
        findings.push(rowFor(experiment, 'not measured', why));
        continue;
      }
      onProgress(`Measuring: ${experiment.name}`);
      rest.budget.take(experiment.invalidatorPaths ?? 0);
      // One that fails spoils none of the others.
      const found = await experiment.run(lab).catch((error) => {
        if (signal.aborted) throw error;
        failures.push(`${experiment.name}: ${sentenceOf(error)}`);
        return [rowFor(experiment, 'it failed', sentenceOf(error))];
      });
      findings.push(...found);
    }
  } catch (error) {
    failures.push(signal.aborted ? 'Stopped.' : sentenceOf(error));
  } finally {
    onProgress('Removing everything');
    await deployment.remove().catch((error) => failures.push(sentenceOf(error)));
  }
  return { findings, failures };
}

function reasonToSkip(
  { paths = 0, invalidatorPaths = 0 }: Experiment,
  { budget, lastStart }: Pick<Run, 'budget' | 'lastStart'>,
  now: number,
): string | undefined {
  if (now > lastStart) return 'no time is left';
  const needed = paths + invalidatorPaths;
  return budget.left < needed ? `needs --max-paths ${budget.spent + needed} or more` : undefined;
}

/** A promise that is not seen to be kept counts as broken. */
function rowFor({ name, isPromise }: Experiment, answer: string, seen: string): Finding {
  return { question: name, answer, seen, ...(isPromise && { kept: false }) };
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
