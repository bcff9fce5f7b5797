import { dirname } from 'node:path';
import { REGION } from '../template/physical-names';
import type { FunctionModel } from '../template/stack-model';

/** Where the AWS services are that the function calls. */
export interface ServiceUrls {
  readonly cloudFront: string;
  /** @default - there is no table */
  readonly dynamoDB?: string;
  /** @default - there is no event bus */
  readonly eventBridge?: string;
  readonly s3: string;
  readonly sqs: string;
}

/**
 * All that the function's process sees: the template's variables, those that Lambda reserves, and where AWS is; none of
 * this process's own.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentVariables(model: FunctionModel, taskRoot: string, urls: ServiceUrls): NodeJS.ProcessEnv {
  return {
    ...model.environment,
    _HANDLER: model.handler,
    AWS_ACCESS_KEY_ID: 'ASIALOCAL',
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: `AWS_Lambda_${model.runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memorySize),
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: model.logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: model.logGroup,
    ...(model.logLevel ? { AWS_LAMBDA_LOG_LEVEL: model.logLevel } : {}),
    AWS_REGION: REGION,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    LAMBDA_TASK_ROOT: taskRoot,
    LANG: 'en_US.UTF-8',
    PATH: dirname(process.execPath),
    TZ: ':UTC',
    // The SDK's own switch for a service's address.
    AWS_ENDPOINT_URL_CLOUDFRONT: urls.cloudFront,
    ...(urls.dynamoDB ? { AWS_ENDPOINT_URL_DYNAMODB: urls.dynamoDB } : {}),
    ...(urls.eventBridge ? { AWS_ENDPOINT_URL_EVENTBRIDGE: urls.eventBridge } : {}),
    AWS_ENDPOINT_URL_S3: urls.s3,
    AWS_ENDPOINT_URL_SQS: urls.sqs,
  };
}
