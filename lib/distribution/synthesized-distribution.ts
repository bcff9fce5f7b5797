import type { CfnResource } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { isOfType, isRecord, pathOf, type Rendering } from '../synthesis/rendering';
import { type CachePolicy, cachePolicyOf } from './cache-policy';
import { type RequestFunction, requestFunctionsOf } from './request-function';

/** A distribution of the app, as far as its configuration is known at synthesis. */
export interface SynthesizedDistribution {
  /** The path of its construct. */
  readonly path: string;
  readonly origins: readonly SynthesizedOrigin[];
  readonly behaviors: readonly SynthesizedBehavior[];
  /** Empty: none. Undefined: not known. */
  readonly rootObject: string | undefined;
  readonly hasErrorPages: boolean;
  /** Whether it serves viewers by its tenants only. */
  readonly isTenantOnly: boolean;
}

/** What CloudFront calls an origin. */
export interface SynthesizedOrigin {
  /** Of the origin, and of the origin groups that it is in. */
  readonly ids: readonly string[];
  /** As the template has it. */
  readonly domain: unknown;
  /** Without a slash at the end. Undefined: not known. */
  readonly path: string | undefined;
}

export interface SynthesizedBehavior {
  /** `*`: the default behavior. */
  readonly pattern: string;
  /** Of an origin or of an origin group. */
  readonly targetId: string;
  readonly cachePolicy: CachePolicy | undefined;
  readonly functions: readonly RequestFunction[];
}

/** The resource of a distribution, if the app creates it: the one that its id refers to. */
export function resourceOf(distribution: IDistribution, rendering: Rendering): CfnResource | undefined {
  const [target] = rendering.targetsIn(rendering.value(distribution, distribution.distributionId));
  return isOfType(target, 'AWS::CloudFront::Distribution') ? target : undefined;
}

/** What a resource says. Undefined: so much of it is known at deployment only that nothing can be said. */
export function readDistribution(resource: CfnResource, rendering: Rendering): SynthesizedDistribution | undefined {
  const config = rendering.properties(resource)?.DistributionConfig;
  if (!isRecord(config) || !isRecord(config.DefaultCacheBehavior)) return undefined;
  const others = recordsIn(config.CacheBehaviors ?? []);
  const origins = recordsIn(config.Origins);
  const groups = recordsIn(isRecord(config.OriginGroups) ? (config.OriginGroups.Items ?? []) : []);
  if (!others || !origins || !groups) return undefined;
  const behaviors = [...others, { ...config.DefaultCacheBehavior, PathPattern: '*' }];
  return {
    path: pathOf(resource),
    origins: origins.map((origin) => toOrigin(origin, groups)),
    behaviors: behaviors.map((behavior) => toBehavior(behavior, rendering)),
    rootObject: textOf(config.DefaultRootObject)?.replace(/^\//, ''),
    hasErrorPages: config.CustomErrorResponses !== undefined,
    isTenantOnly: config.ConnectionMode === 'tenant-only',
  };
}

function toOrigin(origin: Properties, groups: readonly Properties[]): SynthesizedOrigin {
  const { Id: id, DomainName: domain, OriginPath: path } = origin;
  const around = groups.filter(({ Members }) => JSON.stringify(Members ?? '').includes(JSON.stringify(id)));
  return {
    ids: [id, ...around.map((group) => group.Id)].map(String),
    domain,
    path: textOf(path)?.replace(/\/+$/, ''),
  };
}

function toBehavior(behavior: Properties, rendering: Rendering): SynthesizedBehavior {
  const { PathPattern, TargetOriginId } = behavior;
  return {
    pattern: String(PathPattern),
    targetId: String(TargetOriginId),
    cachePolicy: cachePolicyOf(behavior, rendering),
    functions: requestFunctionsOf(behavior, rendering),
  };
}

type Properties = Readonly<Record<string, unknown>>;

/** Undefined: not a list of what it should be, such as a condition, or one among the items. */
function recordsIn(value: unknown): readonly Properties[] | undefined {
  if (!Array.isArray(value) || !value.every(isRecord)) return undefined;
  return value.some((each) => Object.keys(each).some((key) => /^(Ref|Fn::.*)$/.test(key))) ? undefined : value;
}

/** Nothing is empty. Undefined: known at deployment only, or a parameter of the distribution's tenants. */
function textOf(value: unknown): string | undefined {
  if (value === undefined) return '';
  return typeof value === 'string' && !value.includes('{{') ? value : undefined;
}
