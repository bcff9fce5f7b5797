import { createHash } from 'node:crypto';
import type { Attribute, Resource } from './intrinsics';

/** The account and the region that everything here is in. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** What CloudFormation calls pseudo parameters. */
export function pseudoParameters(stackName: string): Record<string, string> {
  return {
    'AWS::AccountId': ACCOUNT,
    'AWS::Partition': 'aws',
    'AWS::Region': REGION,
    'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stackName}/local`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
}

/** `Ref` and `Fn::GetAtt` of the resources that run here, named after their logical ids. */
export function physicalNames(sqsUrl: string): Attribute {
  return (logicalId, { Type, Properties }, attribute) => {
    switch (Type) {
      case 'AWS::S3::Bucket': {
        const name = given(Properties, 'BucketName') ?? readable(logicalId).toLowerCase().padEnd(3, '0');
        return {
          Ref: name,
          Arn: `arn:aws:s3:::${name}`,
          DomainName: `${name}.s3.amazonaws.com`,
          RegionalDomainName: `${name}.s3.${REGION}.amazonaws.com`,
          DualStackDomainName: `${name}.s3.dualstack.${REGION}.amazonaws.com`,
          WebsiteURL: `http://${name}.s3-website-${REGION}.amazonaws.com`,
        }[attribute ?? 'Ref'];
      }
      case 'AWS::SQS::Queue': {
        const name = given(Properties, 'QueueName') ?? readable(logicalId);
        const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
        const url = `${sqsUrl}/${ACCOUNT}/${name}`;
        return { Ref: url, QueueUrl: url, QueueName: name, Arn: arn }[attribute ?? 'Ref'];
      }
      case 'AWS::DynamoDB::Table': {
        const name = given(Properties, 'TableName') ?? readable(logicalId).padEnd(3, '0');
        return { Ref: name, Arn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}` }[attribute ?? 'Ref'];
      }
      case 'AWS::Lambda::Function': {
        const name = given(Properties, 'FunctionName') ?? readable(logicalId);
        return { Ref: name, Arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}` }[attribute ?? 'Ref'];
      }
      case 'AWS::Logs::LogGroup': {
        const name = given(Properties, 'LogGroupName') ?? readable(logicalId);
        return { Ref: name, Arn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}:*` }[attribute ?? 'Ref'];
      }
      case 'AWS::CloudFront::Distribution': {
        const id = `E${createHash('sha256').update(logicalId).digest('hex').slice(0, 13).toUpperCase()}`;
        return { Ref: id, Id: id, DomainName: `${id.toLowerCase()}.cloudfront.net` }[attribute ?? 'Ref'];
      }
      case 'AWS::CloudFront::Function': {
        const arn = `arn:aws:cloudfront::${ACCOUNT}:function/${given(Properties, 'Name') ?? readable(logicalId)}`;
        return { Ref: arn, FunctionARN: arn, 'FunctionMetadata.FunctionARN': arn }[attribute ?? 'Ref'];
      }
      default:
        // Policies, access controls, key groups: what a distribution names, and nothing here looks up by more than that.
        if (!Type.startsWith('AWS::CloudFront::')) return undefined;
        return { Ref: logicalId, Id: logicalId }[attribute ?? 'Ref'];
    }
  };
}

function given(properties: Resource['Properties'], name: string): string | undefined {
  const value = properties?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** The logical id without the hash that CDK puts behind it. */
function readable(logicalId: string): string {
  return logicalId.replace(/(?<=.)[0-9A-F]{8}$/, '');
}
