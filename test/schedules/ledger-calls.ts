import { answered } from './answers';
import { overwritten, releasesAnother, waitsForItself } from './invariants';
import { carryOut, type LedgerCall } from './ledger-table';
import type { Scenario } from './scenario';
import type { Environment, LedgerItem, State } from './state';
import type { Transition } from './transition';

/** What may go wrong with a call of DynamoDB, which the SDK makes twice at most. */
export type LedgerFault =
  /** Neither attempt is carried out. */
  | 'fails'
  /** It is carried out, and the function hears of nothing but an error. */
  | 'answer lost'
  /** It is carried out, its answer is lost, and so it is carried out a second time. */
  | 'carried out twice';

/** What may happen to a call of DynamoDB; first, what happens when nothing goes wrong. */
export function ledgerSteps(
  state: State,
  { ledger }: Scenario,
  environment: Environment,
  call: LedgerCall,
): Transition[] {
  const { distribution } = call;
  const before = state.table[distribution] ?? {};
  const isAhead = environment.clockSkew > 0;
  const name = `${nameOf(call)} ${distribution} for ${environment.invocation?.requestId}`;
  const error = 'InternalServerError';
  const failed = (what: string, next: State): Transition => ({
    events: [`${name}: ${what}`],
    next: answered(next, environment, distribution, { kind: 'failed', error }),
  });
  const fails = failed('DynamoDB fails', state);
  if (ledger?.isDown) return [fails];

  const first = carryOut(before, call, isAhead);
  const broken =
    releasesAnother(environment, call, before, first.item) ??
    overwritten(before, first.item) ??
    waitsForItself(environment, call, before);
  const carriedOut = withItem(state, distribution, first.item);
  const what = first.answer.kind === 'read' ? (first.answer.isExpired ? 'free' : 'held') : first.answer.kind;
  const steps: Transition[] = [
    { events: [`${name}: ${what}`], next: answered(carriedOut, environment, distribution, first.answer), broken },
  ];
  const has = (fault: LedgerFault) => ledger?.faults?.includes(fault);
  if (has('fails')) steps.push(fails);
  if (first.item === before) return steps;
  if (has('answer lost')) steps.push(failed(`${what}, and the answer is lost`, carriedOut));
  if (has('carried out twice')) {
    const second = carryOut(first.item, call, isAhead);
    steps.push({
      events: [`${name}: ${what}, the answer is lost, and the second attempt is answered ${second.answer.kind}`],
      next: answered(withItem(state, distribution, second.item), environment, distribution, second.answer),
    });
  }
  return steps;
}

/** Time passes: leases expire, first by the clocks that are fast. */
export function expiries(state: State, { ledger }: Scenario): Transition[] {
  if (!ledger?.leasesExpire) return [];
  return Object.entries(state.table).flatMap(([distribution, item]) => {
    if (item.holder === undefined || item.expired === 'by every clock') return [];
    const expired = ledger.clockSkews && !item.expired ? 'by fast clocks' : 'by every clock';
    return {
      events: [`the lease that ${item.holder} took on ${distribution} has expired, ${expired}`],
      next: withItem(state, distribution, { ...item, expired }),
    };
  });
}

function withItem(state: State, distribution: string, item: LedgerItem): State {
  return { ...state, table: { ...state.table, [distribution]: item } };
}

/** What the function's store calls it. */
function nameOf({ kind, sets }: LedgerCall): string {
  if (kind === 'read') return 'isFree';
  return sets.includes('ledger') ? 'release' : 'acquire';
}
