import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { MAX_PATHS_PER_DAY } from '../../lambda/contract/environment';
import { CloudFrontInvalidator } from '../../lib';
import { emptyStack, existingDistribution, only, synthesized } from './templates';

function variables(template: Template): Record<string, unknown> {
  const { Environment } = only(template, 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' }) as {
    Environment: { Variables: Record<string, unknown> };
  };
  return Environment.Variables;
}

/** Origins of one bucket behind such distributions. */
function withMaximum(maxPathsPerDay: number, ids: readonly string[], stack: Stack = emptyStack()): Template {
  const origins = ids.map((id, at) => ({
    bucket: Bucket.fromBucketName(stack, `Bucket${at}`, `site-${at}`),
    distribution: existingDistribution(stack, id, `Distribution${at}`),
  }));
  new CloudFrontInvalidator(stack, 'Invalidator', { origins, maxPathsPerDay });
  return Template.fromStack(stack);
}

test('the function is told the maximum of all distributions, from the context and the construct alike', () => {
  expect(variables(synthesized({ maxPathsPerDay: '500' }))[MAX_PATHS_PER_DAY]).toBe('500');
  expect(variables(withMaximum(500, ['E1AAAAAA', 'E2BBBBBB']))[MAX_PATHS_PER_DAY]).toBe('500');
});

test('by default there is none', () => {
  expect(variables(synthesized())).not.toHaveProperty(MAX_PATHS_PER_DAY);
});

test('it holds without monitoring, too', () => {
  expect(variables(synthesized({ maxPathsPerDay: '500', monitoring: 'false' }))[MAX_PATHS_PER_DAY]).toBe('500');
});

test('each distribution has a path at least, however many origins it has', () => {
  expect(() => withMaximum(2, ['E1AAAAAA', 'E2BBBBBB', 'E3CCCCCC'])).toThrow(
    'maxPathsPerDay must be at least the number of distributions, 3, which share it equally, but it is 2',
  );
  expect(variables(withMaximum(2, ['E1AAAAAA', 'E1AAAAAA', 'E2BBBBBB']))[MAX_PATHS_PER_DAY]).toBe('2');
});

test.each([
  [0, 'but it is 0'],
  [1.5, 'but it is 1.5'],
  [-1, 'but it is -1'],
  [Number.NaN, 'but it is "NaN"'],
  [1e10, 'but it is 10000000000'],
])('%d is rejected', (value, shown) => {
  expect(() => withMaximum(value, ['E1AAAAAA'])).toThrow(
    `maxPathsPerDay must be a whole number of paths from 1 to 1000000000, ${shown}`,
  );
});

test('a value that is known at deployment only is rejected', () => {
  const stack = emptyStack();
  const { valueAsNumber } = new CfnParameter(stack, 'Maximum', { type: 'Number' });
  expect(() => withMaximum(valueAsNumber, ['E1AAAAAA'], stack)).toThrow('maxPathsPerDay must be known at synthesis');
});
