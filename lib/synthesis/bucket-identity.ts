import { CfnOutput, CfnParameter, Stack } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { isOfType, isRecord, piecesOf, type Rendering } from './rendering';

/** One text for one bucket, whichever constructs stand for it: owned, imported once or twice, by a name or by a token. */
export function identityOf(bucket: IBucket, rendering: Rendering): string {
  return identityIn(rendering.value(bucket, bucket.bucketName), bucket, rendering);
}

/** That of a bucket's name, as rendered in a construct. */
export function identityIn(name: unknown, scope: IConstruct, rendering: Rendering): string {
  if (typeof name === 'string' && !name.startsWith('{{')) return name;
  const [piece, ...others] = piecesOf(name);
  const [target] = others.length === 0 ? rendering.targetsIn(piece) : [];
  const { environment, node } = Stack.of(scope);
  // A name that is known at deployment only is of an environment, and stacks without one may go anywhere.
  const place = environment.includes('unknown-') ? node.addr : environment;
  if (isOfType(target, 'AWS::S3::Bucket')) {
    const { BucketName } = rendering.properties(target) ?? {};
    return BucketName === undefined ? target.node.addr : identityIn(BucketName, target, rendering);
  }
  // Each parameter of SSM's has an id of its own, and may stand for the same value.
  if (target instanceof CfnParameter && target.type.startsWith('AWS::SSM::Parameter::Value')) {
    return `${place} {{resolve:ssm:${target.default}}}`;
  }
  const exported = others.length === 0 && isRecord(piece) ? JSON.stringify(piece['Fn::ImportValue']) : undefined;
  const isExport = (each: IConstruct): each is CfnOutput =>
    each instanceof CfnOutput &&
    Stack.of(each).environment === environment &&
    JSON.stringify(rendering.value(each, each.exportName)) === exported;
  const [output, another] = exported ? scope.node.root.node.findAll().filter(isExport) : [];
  if (output && !another) return identityIn(rendering.value(output, output.value), output, rendering);
  return `${place} ${typeof name === 'string' ? name : JSON.stringify(name)}`;
}
