import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CloudFrontInvalidatorProps } from '../props';
import type { Contradiction } from './contradiction';
import { contradictionsOf } from './contradictions';
import { makeRendering } from './rendering';
import { readDistribution, resourceOf } from './synthesized-distribution';

/**
 * Compares the options with what the distributions of the app say: at synthesis, when both are complete, aspects and overrides
 * included. What is known at deployment only is left alone, and so are imported distributions.
 */
export function checkDistributions(scope: Construct, props: CloudFrontInvalidatorProps): void {
  scope.node.addValidation({
    validate() {
      const found = findContradictions(props);
      for (const { option, message } of found.filter(({ level }) => level === 'warning')) {
        const id = `cloudfront-invalidator:${option.replace(/^.*\./, '')}`;
        Annotations.of(scope).addWarningV2(id, message);
      }
      return found.filter(({ level }) => level === 'error').map(({ message }) => message);
    },
  });
}

function findContradictions({
  origins,
  indexDocument,
  readDistribution: isRead,
}: CloudFrontInvalidatorProps): Contradiction[] {
  const rendering = makeRendering();
  return origins.flatMap((origin, index) => {
    const resource = resourceOf(origin.distribution, rendering);
    const distribution = resource && readDistribution(resource, rendering);
    if (!distribution) return [];
    const stated = { ...origin, option: `origins[${index}]`, indexDocument, isRead: isRead ?? true };
    return contradictionsOf(stated, distribution, rendering);
  });
}
