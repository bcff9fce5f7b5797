import {
  CfnResource,
  DefaultTokenResolver,
  type IFragmentConcatenator,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  Reference,
  Tokenization,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Values as the template has them, with one difference: a reference names its construct by its address, `node.addr`, whichever
 * stack it is in. So two references to one construct are the same, in the stack that has it and in those that import from it.
 */
export interface Rendering {
  /** The properties of a resource, overrides included. Undefined: CDK cannot render them. */
  properties(resource: CfnResource): Readonly<Record<string, unknown>> | undefined;
  /** What a value, which may hold tokens, is in the template. */
  value(scope: IConstruct, value: unknown): unknown;
  /** The constructs that a rendered value refers to; undefined for each that is not known. */
  targetsIn(rendered: unknown): (IConstruct | undefined)[];
}

export function makeRendering(): Rendering {
  const targets = new Map<string, IConstruct>();
  const resolver = new ReferencesByAddress(targets);
  const value = (scope: IConstruct, each: unknown) =>
    Tokenization.resolve(each, { scope, resolver, preparing: false }) as unknown;
  return {
    value,
    properties(resource) {
      try {
        const { Resources } = value(resource, resource._toCloudFormation()) as Rendered;
        const [rendered] = Object.values(Resources ?? {});
        return rendered && (rendered.Properties ?? {});
      } catch {
        // The synthesis says why, in a moment.
        return undefined;
      }
    },
    targetsIn: (rendered) => addressesIn(rendered).map((address) => targets.get(address)),
  };
}

interface Rendered {
  readonly Resources?: Readonly<Record<string, { readonly Properties?: Record<string, unknown> }>>;
}

class ReferencesByAddress extends DefaultTokenResolver {
  constructor(private readonly targets: Map<string, IConstruct>) {
    super(CONCATENATION);
  }

  override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    // AWS::Region and its like are references, too: to a stack.
    if (!Reference.isReference(token) || token.displayName.startsWith('AWS::')) {
      return super.resolveToken(token, context, postProcessor);
    }
    const address = token.target.node.addr;
    this.targets.set(address, token.target);
    return token.displayName === 'Ref' ? { Ref: address } : { 'Fn::GetAtt': [address, token.displayName] };
  }
}

const CONCATENATION: IFragmentConcatenator = {
  join(left, right) {
    if (left === undefined || right === undefined) return left ?? right;
    return { 'Fn::Join': ['', [...piecesOf(left), ...piecesOf(right)]] };
  },
};

/** What a text is put together from. */
export function piecesOf(rendered: unknown): readonly unknown[] {
  const [delimiter, pieces] = argumentsOf(rendered, 'Fn::Join');
  return delimiter === '' && Array.isArray(pieces) ? pieces.flatMap(piecesOf) : [rendered];
}

function argumentsOf(rendered: unknown, name: string): readonly unknown[] {
  const value = isRecord(rendered) ? rendered[name] : undefined;
  return Array.isArray(value) ? value : [];
}

function addressesIn(rendered: unknown): string[] {
  if (Array.isArray(rendered)) return rendered.flatMap(addressesIn);
  if (!isRecord(rendered)) return [];
  const { Ref: reference } = rendered;
  if (typeof reference === 'string') return reference.startsWith('AWS::') ? [] : [reference];
  const [address] = argumentsOf(rendered, 'Fn::GetAtt');
  return typeof address === 'string' ? [address] : Object.values(rendered).flatMap(addressesIn);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a construct is a resource of a type, in every version of CDK. */
export function isOfType(construct: unknown, type: string): construct is CfnResource {
  return (
    isRecord(construct) &&
    CfnResource.isCfnResource(construct as unknown as IConstruct) &&
    construct.cfnResourceType === type
  );
}

/** The path of the construct that a resource belongs to, as its author knows it. */
export function pathOf({ node }: IConstruct): string {
  return node.path.replace(/\/(Resource|CFDistribution)$/, '');
}
