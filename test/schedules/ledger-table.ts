import type { Facts } from './facts';
import type { LedgerAnswer, LedgerItem } from './state';

/** A call of UpdateItem or GetItem, as the function's own store makes it. */
export interface LedgerCall {
  readonly kind: 'update' | 'read';
  readonly distribution: string;
  /** Absent: unconditional. */
  readonly condition?: string | undefined;
  /** The value of `:holder`. */
  readonly holder?: string | undefined;
  /** The value of `:ledger`. */
  readonly ledger?: Facts | undefined;
  /** The attributes that it sets and removes. */
  readonly sets: readonly string[];
  readonly removes: readonly string[];
}

/** What a call makes of an item, and what is answered. */
export interface Carried {
  readonly item: LedgerItem;
  readonly answer: LedgerAnswer;
}

/**
 * DynamoDB when nothing goes wrong: an update is carried out at once, or its condition does not hold.
 *
 * @param isAhead whether the caller's clock is a fast one
 */
export function carryOut(item: LedgerItem, call: LedgerCall, isAhead: boolean): Carried {
  const isExpired =
    item.holder === undefined || item.expired === 'by every clock' || (isAhead && item.expired !== undefined);
  if (call.kind === 'read') return { item, answer: { kind: 'read', isExpired } };
  const holds = (term: string) => {
    if (term === 'attribute_not_exists(holder)') return item.holder === undefined;
    if (term === 'holder = :holder') return item.holder === call.holder;
    if (term === 'expires <= :now') return item.holder !== undefined && isExpired;
    throw new Error(`The model does not know the condition ${term}`);
  };
  if (call.condition !== undefined && !call.condition.split(' OR ').some(holds))
    return { item, answer: { kind: 'condition failed' } };
  const updated = update(item, call);
  return { item: updated, answer: { kind: 'updated', ledger: updated.ledger } };
}

function update(item: LedgerItem, { sets, removes, holder, ledger }: LedgerCall): LedgerItem {
  const setOrRemoved = [...sets, ...removes];
  return {
    holder: sets.includes('holder') ? holder : removes.includes('holder') ? undefined : item.holder,
    expired: setOrRemoved.includes('expires') ? undefined : item.expired,
    ledger: sets.includes('ledger') ? ledger : item.ledger,
  };
}
