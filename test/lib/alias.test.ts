import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CloudFrontInvalidator, type InvalidatorAlias } from '../../lib';
import { emptyStack, existingDistribution, only } from './templates';

/** What the function is told when the construct is given such aliases. */
function originsWith(aliases: InvalidatorAlias[]): unknown {
  const stack = emptyStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
  const distribution = existingDistribution(stack, 'E1AAAAAA');
  new CloudFrontInvalidator(stack, 'Invalidator', { origins: [{ bucket, distribution, aliases }] });
  const { Environment } = only(Template.fromStack(stack), 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' }) as {
    Environment: { Variables: { ORIGINS: string } };
  };
  return JSON.parse(Environment.Variables.ORIGINS);
}

test('aliases are told to the function', () => {
  const aliases = [{ pattern: 'images/{name}.jpg', paths: ['/resized/{name}-*', '/thumbs/{name}.webp'] }];
  expect(originsWith(aliases)).toMatchObject([{ bucket: 'site-a', aliases }]);
  expect(originsWith([])).toMatchObject([{ aliases: [] }]);
});

test.each<[string, string[], string]>([
  [
    '/images/{name}',
    ['/a'],
    'origins[0].aliases[0].pattern must be a name without a slash in front: "images/{name}.jpg", but it is "/images/{name}"',
  ],
  ['images/*', ['/a'], 'origins[0].aliases[0].pattern must say {name} for a part of a name'],
  ['{a}{b}', ['/a'], 'origins[0].aliases[0].pattern must have text between placeholders'],
  ['{a}', [], 'origins[0].aliases[0].paths must have at least one path, but it is []'],
  ['{a}', ['/a', 'b'], 'origins[0].aliases[0].paths[1] must begin with a slash'],
  ['{a}', ['/*/{a}'], 'origins[0].aliases[0].paths[0] must have a "*" at the end only'],
  ['{a}', ['/{b}'], 'must name placeholders of its pattern, which has no {b}, but it is "/{b}"'],
  ['{a}', ['/~{a}'], 'must have no "~", which CloudFront cannot invalidate'],
  ['{a}', [`/${'x'.repeat(4000)}`], 'must have at most 4000 characters'],
])('the pattern %s with %.40j is refused', (pattern, paths, message) => {
  expect(() => originsWith([{ pattern, paths }])).toThrow(message);
});

test('more rules than the environment of a function holds are refused', () => {
  const rules = (count: number, name: string) =>
    Array.from({ length: count }, (_, at) => ({ pattern: `${name}${at}/{name}`, paths: [`/${name}${at}/{name}-*`] }));
  expect(originsWith(rules(40, 'images'))).toHaveLength(1);
  expect(() => originsWith(rules(90, 'images'))).toThrow(
    "origins must fit, with all their globs and aliases, into the 4096 bytes of the function's environment",
  );
  // In bytes, not characters.
  expect(() => originsWith(rules(40, '日本語'.repeat(3)))).toThrow('4096 bytes');
});
