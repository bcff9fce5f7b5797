import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  CachePolicy,
  CacheQueryStringBehavior,
  type CfnDistribution,
  Function as CloudFrontFunction,
  Distribution,
  type FunctionAssociation,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { CloudFrontInvalidator } from '../cloudfront-invalidator';
import type { InvalidatorOrigin } from '../props';
import type { DeployContext } from './context';
import { folderUrlCode } from './folder-urls';

/** S3 answers with it for an object with the metadata `cache-tag`. */
const CACHE_TAG_HEADER = 'x-amz-meta-cache-tag';

/** What `cdk deploy` deploys: the invalidator, attached to what exists or with a complete small site. */
export class InvalidatorStack extends Stack {
  constructor(scope: Construct, id: string, context: DeployContext, props?: StackProps) {
    super(scope, id, { description: 'Invalidates in CloudFront what changes in S3', ...props });
    const { attachTo, originPath, queryStrings, indexDocument, alarmTopicArn, eventBusName, ...others } = context;
    const { prefix, events, viewerPrefix, ...options } = others;
    const origin = attachTo ? this.existingSite(attachTo) : this.completeSite(context);
    // The distribution of the complete site says it all itself, if the function reads it.
    const isTold = attachTo || context.readDistribution === false;
    const invalidator = new CloudFrontInvalidator(this, 'Invalidator', {
      ...options,
      origins: [{ ...origin, prefix, events, viewerPrefix, ...(isTold && { originPath, queryStrings }) }],
      indexDocument: isTold ? indexDocument : undefined,
      alarmTopic: alarmTopicArn ? Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn) : undefined,
      eventBus: eventBusName ? EventBus.fromEventBusName(this, 'EventBus', eventBusName) : undefined,
    });
    const form = attachTo ? `attached to ${attachTo.bucketName} and ${attachTo.distributionId}` : 'complete site';
    this.output('Form', form, 'What was deployed: a complete site, or the invalidator alone, attached to what exists');
    this.output('QueueUrl', invalidator.queue.queueUrl, 'Queue of the notifications');
    this.output('DeadLetterQueueUrl', invalidator.deadLetterQueue.queueUrl, 'What could not be invalidated at all');
    const { undeliveredEvents } = invalidator;
    if (undeliveredEvents) this.output('UndeliveredEventsUrl', undeliveredEvents.queueUrl, 'What EventBridge gave up');
    this.output('LogGroupName', invalidator.logGroup.logGroupName, "The function's log");
  }

  private existingSite(names: { bucketName: string; distributionId: string }): InvalidatorOrigin {
    return {
      bucket: Bucket.fromBucketName(this, 'Bucket', names.bucketName),
      distribution: Distribution.fromDistributionAttributes(this, 'Distribution', {
        distributionId: names.distributionId,
        // CDK asks for it; nothing here uses it.
        domainName: 'unknown.cloudfront.net',
      }),
    };
  }

  private completeSite({ originPath, indexDocument = 'index.html', queryStrings }: DeployContext): InvalidatorOrigin {
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
    });
    const distribution = new Distribution(this, 'Distribution', {
      defaultRootObject: indexDocument === 'none' ? undefined : indexDocument,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket, { originPath: originPath || undefined }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: queryStrings ? this.byQueryString() : undefined,
        responseHeadersPolicy: this.withoutCacheTags(),
        functionAssociations: indexDocument === 'none' ? undefined : [this.answerFolders(indexDocument)],
      },
    });
    takeCacheTags(distribution);
    this.output('BucketName', bucket.bucketName, 'Upload the site here');
    this.output('DistributionId', distribution.distributionId, 'To see or to make its invalidations');
    this.output('DomainName', distribution.distributionDomainName, 'Where the site is served');
    return { bucket, distribution };
  }

  /** As CDK's default, `CachePolicy.CACHING_OPTIMIZED`, but that query strings count. */
  private byQueryString(): CachePolicy {
    return new CachePolicy(this, 'CachePolicy', {
      comment: 'Caches by path and query string',
      queryStringBehavior: CacheQueryStringBehavior.all(),
      minTtl: Duration.seconds(1),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    });
  }

  /** Cache tags are for CloudFront: viewers have no use for them. */
  private withoutCacheTags(): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'ResponseHeaders', {
      comment: 'Removes the header of cache tags',
      removeHeaders: [CACHE_TAG_HEADER],
    });
  }

  /** S3 has no folders: what is requested as one is answered with its index document. */
  private answerFolders(indexDocument: string): FunctionAssociation {
    return {
      eventType: FunctionEventType.VIEWER_REQUEST,
      function: new CloudFrontFunction(this, 'FolderUrls', {
        comment: 'Answers URLs of folders with their index documents',
        code: FunctionCode.fromInline(folderUrlCode(indexDocument)),
        runtime: FunctionRuntime.JS_2_0,
      }),
    };
  }

  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}

/** An override, for CDK's `Distribution` has no such option. */
function takeCacheTags(distribution: Distribution): void {
  const resource = distribution.node.defaultChild as CfnDistribution;
  resource.addPropertyOverride('DistributionConfig.CacheTagConfig', { HeaderName: CACHE_TAG_HEADER });
}
