import { and, type Existence, existsIf } from './conditions';
import { areEqual, type Fragment, type Fragments, isFragments, isIntrinsic, NOTHING, namesOf } from './fragment';

/** A resource or an output, and when there is one. */
export interface Member {
  readonly exists: Existence;
  readonly body: Fragments;
}

export type Members = Readonly<Record<string, Member>>;

/** Members as they are where a condition holds, merged with those where it does not. */
export function mergeMembers(condition: string, yes: Members, no: Members): Members {
  const names = [...new Set([...Object.keys(yes), ...Object.keys(no)])];
  return Object.fromEntries(
    names.map((name) => {
      const [one, other] = [yes[name], no[name]];
      const exists = existsIf(condition, one?.exists ?? false, other?.exists ?? false);
      const body = one && other ? merge(condition, one.body, other.body) : (one ?? other)?.body;
      return [name, { exists, body: body as Fragments }];
    }),
  );
}

/** A piece that has one value where a condition holds, and another where it does not. */
export function merge(condition: string, yes: Fragment | undefined, no: Fragment | undefined): Fragment {
  if (areEqual(yes, no)) return yes as Fragment;
  if (isFragments(yes) && isFragments(no) && !isIntrinsic(yes) && !isIntrinsic(no)) {
    return Object.fromEntries(namesOf(yes, no).map((name) => [name, merge(condition, yes[name], no[name])]));
  }
  if (Array.isArray(yes) && Array.isArray(no)) return mergeLists(condition, yes, no);
  const [text, textOfNo] = [joined(yes), joined(no)];
  if (text && textOfNo) return { 'Fn::Join': ['', mergeLists(condition, text, textOfNo, '')] };
  return { 'Fn::If': [condition, yes ?? NOTHING, no ?? NOTHING] };
}

/** The pieces of a text. */
function joined(value: Fragment | undefined): readonly Fragment[] | undefined {
  const [delimiter, pieces] = (isFragments(value) && (value['Fn::Join'] as readonly Fragment[])) || [];
  return delimiter === '' && Array.isArray(pieces) ? pieces : undefined;
}

/** Lists in which what both have, in the same order, stands once. */
function mergeLists(
  condition: string,
  yes: readonly Fragment[],
  no: readonly Fragment[],
  nothing: Fragment = NOTHING,
): readonly Fragment[] {
  const [first, ...others] = yes;
  const [firstOfNo, ...othersOfNo] = no;
  if (first === undefined && firstOfNo === undefined) return [];
  if (first !== undefined && firstOfNo !== undefined && areEqual(first, firstOfNo)) {
    return [first, ...mergeLists(condition, others, othersOfNo, nothing)];
  }
  if (first !== undefined && !no.some((each) => areEqual(each, first))) {
    return [{ 'Fn::If': [condition, first, nothing] }, ...mergeLists(condition, others, no, nothing)];
  }
  const other = firstOfNo as Fragment;
  return [{ 'Fn::If': [condition, nothing, other] }, ...mergeLists(condition, yes, othersOfNo, nothing)];
}

/** A piece of the template, and where it is, for messages. */
interface Composed {
  readonly path: string;
  readonly base: Fragment | undefined;
  readonly merged: readonly (Fragment | undefined)[];
}

/**
 * What several groups of options make of a piece, each of them starting at the same base.
 *
 * @throws an Error that names a piece that two groups change: they have to be one group
 */
export function compose({ path, base, merged }: Composed): Fragment {
  const changed = merged.filter((each) => !areEqual(each, base));
  const [only, another] = changed;
  if (only === undefined || another === undefined) return (only ?? base) as Fragment;
  if ([base, ...changed].every((each) => isFragments(each) && !isIntrinsic(each))) {
    const all = [base, ...changed] as Fragments[];
    return Object.fromEntries(
      namesOf(...all).map((name) => {
        const of = (each: Fragment | undefined) => (each as Fragments)[name];
        return [name, compose({ path: `${path}.${name}`, base: of(base), merged: changed.map(of) })];
      }),
    );
  }
  const lists = [base, ...changed] as Fragment[][];
  if (lists.every((each) => Array.isArray(each) && each.length === lists[0]?.length)) {
    return (lists[0] ?? []).map((each, at) =>
      compose({ path: `${path}[${at}]`, base: each, merged: lists.slice(1).map((list) => list[at]) }),
    );
  }
  throw new Error(`${path} depends on options of two groups: make one of them.`);
}

/**
 * The members that several groups of options make, each of them starting at the same base. One that groups take away is there where
 * all of them have it.
 *
 * @throws an Error that names a piece that two groups change, or a member that two add
 */
export function composeMembers(base: Members, merged: readonly Members[]): Members {
  const names = [...new Set([base, ...merged].flatMap((each) => Object.keys(each)))];
  return Object.fromEntries(
    names.map((name) => {
      const all = merged.map((each) => each[name]).filter((each) => each !== undefined);
      const [first, another] = all;
      if (!first || (!base[name] && another)) throw new Error(`${name} is added by ${all.length} groups of options.`);
      const conditions = all.map(({ exists }) => exists).filter((each) => typeof each === 'object');
      const [only, ...others] = conditions;
      const exists = only && others.length > 0 ? and(...conditions) : (only ?? true);
      const start = base[name]?.body;
      const body = start ? compose({ path: name, base: start, merged: all.map((each) => each.body) }) : first.body;
      return [name, { exists, body: body as Fragments }];
    }),
  );
}
