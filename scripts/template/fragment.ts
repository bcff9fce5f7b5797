/** A piece of a template: what JSON can hold. */
export type Fragment = string | number | boolean | null | readonly Fragment[] | Fragments;

export interface Fragments {
  readonly [name: string]: Fragment;
}

export const NOTHING: Fragments = { Ref: 'AWS::NoValue' };

export function isFragments(value: Fragment | undefined): value is Fragments {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether it is a call of CloudFormation's, which has its value at the deployment only. */
export function isIntrinsic(value: Fragment | undefined): boolean {
  if (!isFragments(value)) return false;
  const [name = '', ...others] = Object.keys(value);
  return others.length === 0 && /^(Ref|Condition|Fn::.*)$/.test(name);
}

export function areEqual(a: Fragment | undefined, b: Fragment | undefined): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** In one order, for the order of names means nothing. */
function sorted(value: Fragment | undefined): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFragments(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((name) => [name, sorted(value[name])]),
  );
}

/** The names of both, in the order of the first. */
export function namesOf(...all: readonly Fragments[]): string[] {
  return [...new Set(all.flatMap((each) => Object.keys(each)))];
}

/** Every piece of it replaced, the innermost first. */
export function mapFragment(value: Fragment, change: (each: Fragment) => Fragment): Fragment {
  if (Array.isArray(value)) return change(value.map((each) => mapFragment(each, change)));
  if (!isFragments(value)) return change(value);
  return change(Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapFragment(each, change)])));
}
