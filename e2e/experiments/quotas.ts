import type { Experiment, Finding } from '../finding';
import { type Lab, secondsOf } from '../lab';
import { UNWATCHED } from '../target';

/** One more than the 15 in progress that the older quota allows, then fewer. */
const WILDCARD_REQUESTS = [16, 8, 4, 2, 1];

/** Wildcards that it may cost in all. */
const MOST_WILDCARDS = 19;

/** More than the 150 a second; more than most users send in a request; more than the 3,000 in progress. */
const EXACT_REQUESTS = [151, 1_001, 3_001] as const;

export const quotas: Experiment = {
  name: 'quotas',
  paths: MOST_WILDCARDS + EXACT_REQUESTS[0],
  async run(lab) {
    return [...(await wildcards(lab)), ...(await exactPaths(lab))];
  },
};

/** Fills the quota and looks what frees it: time, which is a rate, or the end of what is in progress. */
async function wildcards(lab: Lab): Promise<Finding[]> {
  let sent = 0;
  const send = (count: number) =>
    lab.invalidate(Array.from({ length: count }, () => `/${UNWATCHED}nothing-${lab.startedAt}-${sent++}*`));
  const refused: string[] = [];
  let first: string | undefined;
  let held = 0;
  let largest = 0;
  for (const count of WILDCARD_REQUESTS) {
    const answer = await send(count);
    if (answer.kind === 'accepted') {
      first = answer.id;
      held = largest = count;
      break;
    }
    refused.push(`${count} at once: ${answer.name}`);
  }
  if (first === undefined)
    return [{ question: 'Are quotas rates?', answer: 'unclear: no wildcard was accepted', seen: refused.join('; ') }];
  const request = {
    question: 'How many wildcards does one request take?',
    answer: `${largest}${largest === WILDCARD_REQUESTS[0] ? ' or more' : ''}`,
    seen: refused.join('; ') || `${largest} accepted`,
  };

  let fault: string | undefined;
  // The last is for the look at what frees it.
  while (fault === undefined && held < MOST_WILDCARDS - 1) {
    const answer = await send(1);
    if (answer.kind === 'accepted') held++;
    else fault = answer.name;
  }
  const question = 'Are quotas rates?';
  if (fault !== 'TooManyInvalidationsInProgress')
    return [
      request,
      { question, answer: `unclear: ${fault ?? 'no quota was met'}`, seen: `${held} wildcards accepted` },
    ];
  const isFree = async () => (await send(1)).kind === 'accepted';
  const free = await lab.until(isFree, lab.waits.invalidation, lab.waits.api);
  if (free === undefined) return [request, { question, answer: 'unclear: no more was accepted in time' }];
  const isEarlierCompleted = await lab.isCompleted(first);
  return [
    request,
    {
      question,
      answer: isEarlierCompleted ? `probably not: ${held} wildcards in progress` : 'yes',
      seen: `refused after ${held} wildcards; the next accepted ${secondsOf(free)} later, the first ${isEarlierCompleted ? 'completed' : 'still in progress'}`,
    },
  ];
}

async function exactPaths(lab: Lab): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const count of EXACT_REQUESTS) {
    const question = `Does one request take ${count.toLocaleString('en')} exact paths?`;
    if (lab.budget.left < count) {
      const total = lab.budget.spent + count;
      findings.push({ question, answer: 'not measured', seen: `needs --max-paths ${total} or more` });
      continue;
    }
    const paths = Array.from({ length: count }, (_, at) => `/${UNWATCHED}nothing-${lab.startedAt}-${count}-${at}`);
    const answer = await lab.invalidate(paths);
    findings.push({ question, answer: answer.kind === 'accepted' ? 'yes' : `no: ${answer.name}` });
    if (answer.kind === 'refused') break;
  }
  return findings;
}
