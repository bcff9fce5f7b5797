import { areEqual, type Fragment, type Fragments, isFragments, namesOf } from './fragment';

/** A value for each key, by their name in the mapping. */
export type Lookup = Record<string, Record<string, string | number>>;

/**
 * A piece that depends on a number: what is derived from it is looked up, for CloudFormation cannot calculate.
 *
 * @param mapping name of the mapping, and of the parameter by which it is read
 * @param variants the piece for each value of the parameter
 * @param lookup takes what is looked up: by the value, then by a name
 * @throws an Error that names a piece whose form depends on the number
 */
export function mergeByLookup(
  mapping: string,
  variants: ReadonlyMap<string, Fragment>,
  lookup: Lookup,
  path = '',
): Fragment {
  const all = [...variants.values()];
  const [first] = all;
  if (all.every((each) => areEqual(each, first))) return first as Fragment;
  const each = (name: string | number) =>
    mergeByLookup(
      mapping,
      new Map([...variants].map(([key, value]) => [key, (value as Fragments)[name] as Fragment])),
      lookup,
      `${path} ${name}`,
    );
  if (all.every(isFragments)) return Object.fromEntries(namesOf(...all).map((name) => [name, each(name)]));
  if (all.every((one) => Array.isArray(one) && one.length === (first as Fragment[]).length)) {
    return (first as Fragment[]).map((_, at) => each(at));
  }
  const name = nameOf(path);
  for (const [key, value] of variants) {
    if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`${path} cannot be looked up.`);
    lookup[key] = { ...lookup[key], [name]: value };
  }
  return { 'Fn::FindInMap': [mapping, { Ref: mapping }, name] };
}

/** Of letters and digits, as CloudFormation wants it; without the hashes of CDK, and what all of them have. */
function nameOf(path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).map((word) => word.replace(/(?<=[a-z])[0-9A-F]{8}$/, ''));
  return words
    .filter((word) => word !== 'resource' && word !== 'Properties')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');
}
