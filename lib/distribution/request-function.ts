import { isOfType, isRecord, type Rendering } from '../synthesis/rendering';

/** A function that sees the requests of a behavior, and may ask the origin for another path, or another origin. */
export interface RequestFunction {
  /** Undefined: it is not known at synthesis. */
  readonly code: string | undefined;
  /** Whether it stands before the cache, or between the cache and the origin. */
  readonly event: 'viewer-request' | 'origin-request';
  readonly isLambda: boolean;
}

/** Of a behavior, as rendered. */
export function requestFunctionsOf(
  { FunctionAssociations: ofCloudFront, LambdaFunctionAssociations: ofLambda }: Readonly<Record<string, unknown>>,
  rendering: Rendering,
): RequestFunction[] {
  const code = (arn: unknown) => {
    const [resource] = rendering.targetsIn(arn);
    if (!isOfType(resource, 'AWS::CloudFront::Function')) return undefined;
    const text = rendering.properties(resource)?.FunctionCode;
    return typeof text === 'string' ? text : undefined;
  };
  return [...associationsIn(ofCloudFront), ...associationsIn(ofLambda)].flatMap(
    ({ EventType: event, FunctionARN: arn, LambdaFunctionARN: lambda }) =>
      event === 'viewer-response' || event === 'origin-response'
        ? []
        : {
            code: code(arn),
            event: event === 'viewer-request' ? 'viewer-request' : 'origin-request',
            isLambda: lambda !== undefined,
          },
  );
}

/** What cannot be read is a function that nothing is known of. */
function associationsIn(value: unknown = []): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map((each) => (isRecord(each) ? each : {})) : [{}];
}

/** Whether it may ask for another object than the viewer does. */
export function mayRewrite(requestFunction: RequestFunction): boolean {
  return requestFunction.code === undefined || /uri/i.test(requestFunction.code) || maySwitchOrigin(requestFunction);
}

/** Whether it may ask another origin than the behavior does. Of Lambda's only those between cache and origin can. */
export function maySwitchOrigin({ code, event, isLambda }: RequestFunction): boolean {
  if (isLambda) return event === 'origin-request';
  // cf.updateRequestOrigin, cf.selectRequestOriginById, cf.createRequestOriginGroup
  return code === undefined || code.includes('RequestOrigin');
}
