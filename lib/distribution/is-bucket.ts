import type { CfnResource } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { isOfType, isRecord, piecesOf, type Rendering } from '../synthesis/rendering';
import { bucketNameIn, mayBeGenerated, mayBeOfS3 } from './bucket-domain';

/** A bucket, as far as it is known at synthesis. */
export interface KnownBucket {
  /** Its name, as the template has it. */
  readonly rendered: unknown;
  /** What it says of its domains, as the template has them. */
  readonly domains: readonly unknown[];
  /** If the app creates it. */
  readonly resource: CfnResource | undefined;
  readonly name: BucketName;
}

/** A name; `generated`: by CloudFormation, when it creates the bucket; undefined: known at deployment only. */
type BucketName = { readonly literal: string } | 'generated' | undefined;

const BUCKET = 'AWS::S3::Bucket';

/** Servers whose domains CloudFormation tells, none of which is a bucket. */
const SERVER = /^AWS::(ApiGateway(V2)?|AppRunner|EC2|ElasticBeanstalk|ElasticLoadBalancing(V2)?|Lambda)::/;

/** What is known of a bucket. */
export function knownBucket(bucket: IBucket, rendering: Rendering): KnownBucket {
  const rendered = rendering.value(bucket, bucket.bucketName);
  const own = bucket.node.defaultChild;
  const [target] = isReference(rendered) ? rendering.targetsIn(rendered) : [];
  const resource = [own, target].find((each): each is CfnResource => isOfType(each, BUCKET));
  const name = typeof rendered === 'string' ? { literal: rendered } : resource && nameOf(resource, rendering);
  const { bucketRegionalDomainName, bucketDomainName, bucketDualStackDomainName, bucketWebsiteDomainName } = bucket;
  const domains = [bucketRegionalDomainName, bucketDomainName, bucketDualStackDomainName, bucketWebsiteDomainName];
  return { rendered, resource, name, domains: domains.map((domain) => rendering.value(bucket, domain)) };
}

/**
 * Whether a domain, as the template has it, is a bucket's.
 *
 * @returns undefined if that cannot be told at synthesis
 */
export function isBucket(domain: unknown, bucket: KnownBucket, rendering: Rendering): boolean | undefined {
  const targets = rendering.targetsIn(domain);
  if (bucket.resource && targets.includes(bucket.resource)) return true;
  if (typeof bucket.rendered !== 'string' && contains(domain, bucket.rendered)) return true;
  if (bucket.domains.some((each) => isEqual(domain, each))) return true;
  const text = literalOf(domain);
  if (text !== undefined) return isNameIn(text, bucket.name);
  if (targets.length === 0 || !isMadeOfReferences(domain)) return undefined;
  const answers = targets.map((target) => isSame(target, bucket, rendering));
  return answers.every((answer) => answer === answers[0]) ? answers[0] : undefined;
}

/** Text that is known at synthesis, but for the region, of which any will do. Undefined: there is more that is not. */
export function literalOf(rendered: unknown): string | undefined {
  const pieces = piecesOf(rendered).map((piece) => {
    if (typeof piece === 'string') return piece;
    return isRecord(piece) ? PSEUDO_PARAMETERS[String(piece.Ref)] : undefined;
  });
  const text = pieces.join('');
  return pieces.includes(undefined) || text.includes('{{') ? undefined : text.toLowerCase();
}

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::Region': 'us-east-1',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Whether a known domain is that of a bucket of a name. */
function isNameIn(domain: string, name: BucketName): boolean | undefined {
  const named = bucketNameIn(domain);
  if (named !== undefined) return isNamed(named, name);
  if (mayBeOfS3(domain)) return undefined;
  // A domain whose DNS leads to S3 has a bucket of its own name.
  return typeof name === 'object' && name.literal === domain ? undefined : false;
}

function isNamed(literal: string, name: BucketName): boolean | undefined {
  if (name === undefined) return undefined;
  if (name === 'generated') return mayBeGenerated(literal) ? undefined : false;
  return name.literal.toLowerCase() === literal.toLowerCase();
}

/** Whether a construct that a domain refers to is the bucket. */
function isSame(target: IConstruct | undefined, bucket: KnownBucket, rendering: Rendering): boolean | undefined {
  if (isOfType(target, BUCKET)) {
    if (bucket.resource) return false;
    const { name } = bucket;
    return typeof name === 'object' ? isNamed(name.literal, nameOf(target, rendering)) : undefined;
  }
  const type = (target as Partial<CfnResource> | undefined)?.cfnResourceType;
  return type !== undefined && SERVER.test(type) ? false : undefined;
}

function nameOf(resource: CfnResource, rendering: Rendering): BucketName {
  const properties = rendering.properties(resource);
  if (!properties) return undefined;
  const { BucketName: name } = properties;
  if (typeof name === 'string') return { literal: name };
  return Object.keys(properties).some((key) => key.startsWith('BucketName')) ? undefined : 'generated';
}

/** Whether a value is put together from references and text alone, as domains of resources are. */
function isMadeOfReferences(rendered: unknown): boolean {
  if (Array.isArray(rendered)) return rendered.every(isMadeOfReferences);
  if (!isRecord(rendered)) return true;
  return Object.entries(rendered).every(
    ([name, argument]) => /^(Ref|Fn::(GetAtt|Join|Select|Split))$/.test(name) && isMadeOfReferences(argument),
  );
}

function isReference(rendered: unknown): boolean {
  return isRecord(rendered) && ('Ref' in rendered || 'Fn::GetAtt' in rendered);
}

function contains(rendered: unknown, part: unknown): boolean {
  if (isEqual(rendered, part)) return true;
  return (
    typeof rendered === 'object' && rendered !== null && Object.values(rendered).some((each) => contains(each, part))
  );
}

function isEqual(a: unknown, b: unknown): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
