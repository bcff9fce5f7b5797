import { answered } from './answers';
import { overwritten, releasesAnother, waitsForItself } from './invariants';
import { carryOut, type LedgerCall } from './ledger-table';
import type { Scenario } from './scenario';
import type { Environment, Invocation, LedgerItem, State } from './state';
import type { Transition } from './transition';

/** What may go wrong with a call of DynamoDB, which the SDK makes twice at most. */
export type LedgerFault =
  /** Neither attempt is carried out. */
  | 'fails'
  /** It is carried out, and the function hears of nothing but an error. */
  | 'answer lost'
  /** It is carried out, its answer is lost, and so it is carried out a second time. */
  | 'carried out twice'
  /** The function does not wait for it any longer, and it is carried out some time later. */
  | 'late';

/** What may happen to a call of DynamoDB; first, what happens when nothing goes wrong. */
export function ledgerSteps(
  state: State,
  { ledger }: Scenario,
  environment: Environment,
  call: LedgerCall,
): Transition[] {
  const { distribution } = call;
  const { requestId } = environment.invocation as Invocation;
  const isAhead = environment.clockSkew > 0;
  const name = `${nameOf(call)} ${distribution} for ${requestId}`;
  const failed = (what: string, next: State): Transition => ({
    events: [`${name}: ${what}`],
    next: answered(next, environment, distribution, { kind: 'failed', error: 'InternalServerError' }),
  });
  const fails = failed('DynamoDB fails', state);
  if (ledger?.isDown) return [fails];

  const { item, answer, next, broken } = carriedOut(state, call, requestId, isAhead);
  const what = answer.kind === 'read' ? (answer.isExpired ? 'free' : 'held') : answer.kind;
  const steps: Transition[] = [
    { events: [`${name}: ${what}`], next: answered(next, environment, distribution, answer), broken },
  ];
  const has = (fault: LedgerFault) => ledger?.faults?.includes(fault);
  if (has('fails')) steps.push(fails);
  if (has('late') && call.kind === 'update' && !state.lateCall)
    steps.push(failed('no answer in time', { ...state, lateCall: { call, requestId, isAhead } }));
  if (item === itemOf(state, distribution)) return steps;
  if (has('answer lost')) steps.push(failed(`${what}, and the answer is lost`, next));
  if (has('carried out twice')) {
    const second = carriedOut(next, call, requestId, isAhead);
    steps.push({
      events: [`${name}: ${what}, the answer is lost, and the second attempt is answered ${second.answer.kind}`],
      next: answered(second.next, environment, distribution, second.answer),
    });
  }
  return steps;
}

/** DynamoDB carries out what its caller has given up. */
export function lateCalls(state: State): Transition[] {
  if (!state.lateCall) return [];
  const { call, requestId, isAhead } = state.lateCall;
  const { answer, next, broken } = carriedOut(state, call, requestId, isAhead);
  const what = `${nameOf(call)} ${call.distribution} for ${requestId}, which was late: ${answer.kind}`;
  return [{ events: [what], next: { ...next, lateCall: undefined }, broken }];
}

function carriedOut(state: State, call: LedgerCall, requestId: string, isAhead: boolean) {
  const { distribution } = call;
  const before = itemOf(state, distribution);
  const { item, answer } = carryOut(before, call, isAhead);
  const broken =
    releasesAnother(requestId, call, before, item) ??
    overwritten(before, item) ??
    waitsForItself(requestId, call, before);
  return { item, answer, broken, next: withItem(state, distribution, item) };
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

const NO_ITEM: LedgerItem = {};

function itemOf({ table }: State, distribution: string): LedgerItem {
  return table[distribution] ?? NO_ITEM;
}

function withItem(state: State, distribution: string, item: LedgerItem): State {
  return { ...state, table: { ...state.table, [distribution]: item } };
}

/** What the function's store calls it. */
function nameOf({ kind, sets }: LedgerCall): string {
  if (kind === 'read') return 'isFree';
  return sets.includes('ledger') ? 'release' : 'acquire';
}
