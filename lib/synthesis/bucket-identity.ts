import { CfnOutput, CfnParameter } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { isOfType, isRecord, piecesOf, type Rendering } from './rendering';

/** One text for one bucket, whichever constructs stand for it: owned, imported once or twice, by a name or by a token. */
export function identityOf(bucket: IBucket, rendering: Rendering): string {
  return identityIn(rendering.value(bucket, bucket.bucketName), bucket, rendering);
}

/** That of a bucket's name, as rendered; `scope`: a construct of the app. */
export function identityIn(name: unknown, scope: IConstruct, rendering: Rendering): string {
  if (typeof name === 'string') return name;
  const [piece, ...others] = piecesOf(name);
  const [target] = rendering.targetsIn(piece);
  if (others.length > 0 || !isRecord(piece)) return JSON.stringify(name);
  if (isOfType(target, 'AWS::S3::Bucket')) {
    const { BucketName } = rendering.properties(target) ?? {};
    return BucketName === undefined ? target.node.addr : identityIn(BucketName, target, rendering);
  }
  // Each parameter of SSM's has an id of its own, and may stand for the same value.
  if (target instanceof CfnParameter && target.type.startsWith('AWS::SSM::Parameter::Value')) {
    return `{{resolve:ssm:${target.default}}}`;
  }
  const exported = JSON.stringify(piece['Fn::ImportValue']);
  const isExport = (each: IConstruct): each is CfnOutput =>
    each instanceof CfnOutput && JSON.stringify(rendering.value(each, each.exportName)) === exported;
  const output = exported && scope.node.root.node.findAll().find(isExport);
  return output ? identityIn(rendering.value(output, output.value), output, rendering) : JSON.stringify(piece);
}
