import { DOLLARS_PER_PATH } from '../../lambda/contract/pricing';
import { type Fragment, type Fragments, isFragments, mapFragment } from './fragment';
import { COST_OF_BUDGET, STAND_INS } from './variants';

const ref = (name: string): Fragments => ({ Ref: name });

export function choose(condition: string, yes: Fragment, no: Fragment): Fragments {
  return { 'Fn::If': [condition, yes, no] };
}

/** A text of several pieces. Empty ones are left out. */
export function text(...pieces: readonly Fragment[]): Fragment {
  const some = pieces.filter((piece) => piece !== '');
  return some.length === 1 && typeof some[0] === 'string' ? some[0] : { 'Fn::Join': ['', some] };
}

/** The origin path without its first slash: split at what only its beginning can be, and put together again. */
const FOLDER = text({ 'Fn::Join': ['', { 'Fn::Split': ['^/', text('^', ref('OriginPath'))] }] }, '/');

/** What the watched keys begin with, where they are confined: the prefix or, without one, the origin path. */
const WATCHED = choose('HasPrefix', ref('Prefix'), FOLDER);

const VALUES: readonly (readonly [standIn: string | number, value: Fragment])[] = [
  [STAND_INS.stackName, ref('AWS::StackName')],
  [STAND_INS.prefix, WATCHED],
  [STAND_INS.refetchesPerPath, ref('RefetchesPerPath')],
  [STAND_INS.maxPathsPerDay, ref('MaxPathsPerDay')],
  [STAND_INS.pathsPerDayBudget, ref('PathsPerDayBudget')],
  [COST_OF_BUDGET, `$${DOLLARS_PER_PATH} each`],
];

/** A piece with the parameters where the stand-ins are. */
export function replaceStandIns(fragment: Fragment): Fragment {
  return mapFragment(fragment, (each) => {
    for (const [standIn, value] of VALUES) {
      if (each === standIn || each === String(standIn)) return value;
    }
    return typeof each === 'string' ? replaceWithin(each) : each;
  });
}

function replaceWithin(whole: string): Fragment {
  for (const [standIn, value] of VALUES) {
    const [before, ...others] = whole.split(String(standIn));
    if (others.length === 0) continue;
    return text(replaceWithin(before ?? ''), ...others.flatMap((each) => [value, replaceWithin(each)]));
  }
  return whole;
}

/** Fields of an origin that may be absent, in the order in which the construct writes them: when they are there, and their JSON. */
const OPTIONAL_FIELDS: Readonly<Record<string, readonly [condition: string, json: Fragment]>> = {
  path: ['StatesOriginPath', text('"', choose('HasOriginPath', ref('OriginPath'), ''), '"')],
  viewerPrefix: ['StatesViewerPrefix', text('"', choose('HasViewerPrefix', ref('ViewerPrefix'), ''), '"')],
  prefix: ['HasPrefix', text('"', ref('Prefix'), '"')],
  exclude: ['HasExclude', text('["', { 'Fn::Join': ['","', ref('Exclude')] }, '"]')],
  queryStrings: ['StatesQueryStrings', ref('QueryStrings')],
};

/**
 * What tells the function of its origins, with each field as the parameters say.
 *
 * @param synthesized that of the construct with all fields
 * @throws an Error if the construct writes fields that nothing here knows
 */
export function originsText(synthesized: Fragment): Fragment {
  const json = text(...piecesOf(synthesized).map((each) => (isFragments(each) ? `<${each.Ref}>` : each)));
  const piece = String(isFragments(json) ? (json['Fn::Join'] as [string, string[]])[1].join('') : json);
  const [origin = {}, ...others] = JSON.parse(piece) as Record<string, unknown>[];
  const { bucket, distribution, ...fields } = origin;
  if (others.length > 0 || bucket !== '<BucketName>' || distribution !== '<DistributionId>') {
    throw new Error(`The construct tells the function of its origins otherwise: ${piece}`);
  }
  const optional = Object.keys(fields).map((name) => {
    const [condition, value] = OPTIONAL_FIELDS[name] ?? [];
    if (!condition || value === undefined) throw new Error(`The template has no parameter for ${name} of an origin.`);
    return choose(condition, text(`,"${name}":`, value), '');
  });
  return text('[{"bucket":"', ref('BucketName'), '","distribution":"', ref('DistributionId'), '"', ...optional, '}]');
}

function piecesOf(value: Fragment): readonly Fragment[] {
  return isFragments(value) ? (value['Fn::Join'] as [string, Fragment[]])[1] : [value];
}
