import { CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import {
  ChangeEvents,
  CloudFrontInvalidator,
  type CloudFrontInvalidatorProps,
  type InvalidatorOrigin,
} from '../../lib';
import { quietly, said } from './distribution/said';
import { emptyStack, existingDistribution, only } from './templates';

quietly();

type Props = Omit<Partial<CloudFrontInvalidatorProps>, 'origins'>;

function stackOf(originsOf: (stack: Stack) => InvalidatorOrigin[], props: Props = { monitoring: false }): Stack {
  const stack = emptyStack();
  new CloudFrontInvalidator(stack, 'Invalidator', { origins: originsOf(stack), ...props });
  return stack;
}

const isRefused = (stack: Stack) => said(stack).some((each) => each.includes('Validation failed'));

function sameBucket(paths: readonly string[], events?: ChangeEvents, name = 'site-a'): Stack {
  return stackOf((stack) => {
    const bucket = Bucket.fromBucketName(stack, 'Bucket', name);
    const distribution = existingDistribution(stack, 'E1AAAAAA');
    return paths.map((originPath) => ({ bucket, distribution, originPath, events }));
  });
}

const folders = (count: number, length = 3) =>
  Array.from({ length: count }, (_, at) => `/${String(at).padStart(length, 'x')}`);

/** What Lambda measures: the JSON of the variables, which have JSON themselves. */
function measured(stack: Stack): number {
  const { Environment } = only(Template.fromStack(stack), 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' });
  const { Variables } = Environment as { Variables: Record<string, unknown> };
  return Buffer.byteLength(JSON.stringify({ ...Variables, LEDGER_TABLE: 'x'.repeat(255) }));
}

const ENVIRONMENT = /origins must fit, .* into the 4096 bytes of the function's environment.*, but it is (\d+)/;

test("origins may take what Lambda's 4 KB hold, escapes counted, and no byte more", () => {
  const taken = Array.from({ length: 8 }, (_, at) => {
    const stack = stackOf((scope) => {
      const bucket = Bucket.fromBucketName(scope, 'Bucket', 'site-a');
      // Each of the two is escaped twice.
      const exclude = ['"'.repeat(700), 'x'.repeat(730 + at * 20)];
      return [{ bucket, distribution: existingDistribution(scope, 'E1AAAAAA'), exclude }];
    });
    const refused = said(stack).join().match(ENVIRONMENT)?.[1];
    return { size: refused === undefined ? measured(stack) : Number(refused), isRefused: refused !== undefined };
  });
  const [{ size: first } = { size: 0 }] = taken;
  expect(first).toBeLessThan(4096);
  expect(first + 7 * 20).toBeGreaterThan(4096);
  const sizes = taken.map((_, at) => first + at * 20);
  expect(taken).toEqual(sizes.map((size) => ({ size, isRefused: size > 4096 })));
});

test('a name that is known at deployment only counts as the longest', () => {
  const withNames = (nameOf: (stack: Stack, at: number) => string) =>
    stackOf((stack) =>
      Array.from({ length: 34 }, (_, at) => ({
        bucket: Bucket.fromBucketName(stack, `Bucket${at}`, nameOf(stack, at)),
        distribution: existingDistribution(stack, Fn.importValue(`Id${at}`), `Distribution${at}`),
      })),
    );
  expect(isRefused(withNames((_, at) => `site-${at}`))).toBe(false);
  expect(said(withNames((stack, at) => new CfnParameter(stack, `Name${at}`).valueAsString))[0]).toMatch(ENVIRONMENT);
  expect(said(withNames((_, at) => `${'x'.repeat(61)}${at + 10}`))[0]).toMatch(ENVIRONMENT);
});

test('its remedy, two invalidators, is one: by other prefixes, and by EventBridge for the same objects', () => {
  const stack = emptyStack();
  const bucket: IBucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
  const invalidator = (id: string, origin: Partial<InvalidatorOrigin>) =>
    new CloudFrontInvalidator(stack, id, {
      origins: [{ bucket, distribution: existingDistribution(stack, 'E1AAAAAA', `${id}Distribution`), ...origin }],
      monitoring: false,
    });
  invalidator('One', { prefix: 'docs/' });
  invalidator('Two', { prefix: 'img/' });
  invalidator('Three', { events: ChangeEvents.EVENTBRIDGE });
  expect(isRefused(stack)).toBe(false);
});

test('S3 takes 100 notification configurations of a bucket, those of others included', () => {
  expect(said(sameBucket(folders(33)))).toEqual([]);
  expect(said(sameBucket(folders(34)))[0]).toContain(
    'origins[0].bucket must have at most 100 notification configurations, of which each prefix takes three: state fewer, wider prefixes, or set events to eventbridge, but it is 102',
  );
});

test('S3 takes 1,024 characters of a filter, as it is encoded', () => {
  const withPrefix = (prefix: string) =>
    stackOf((stack) => [
      {
        bucket: Bucket.fromBucketName(stack, 'B', 'site-a'),
        distribution: existingDistribution(stack, 'E1AAAAAA'),
        prefix,
      },
    ]);
  expect(said(withPrefix('ä'.repeat(170)))).toEqual([]);
  expect(said(withPrefix('ä'.repeat(171)))[0]).toContain(
    'origins[0].prefix must have at most 1024 characters as S3 takes it',
  );
});

test('EventBridge takes 2,048 characters of a pattern', () => {
  const sizeOf = (stack: Stack) =>
    JSON.stringify(only(Template.fromStack(stack), 'AWS::Events::Rule').EventPattern).length;
  const [fits, doesNot] = [61, 62].map((length) => sameBucket(folders(25, length), ChangeEvents.EVENTBRIDGE));
  expect(sizeOf(fits as Stack)).toBeLessThanOrEqual(2048);
  expect(sizeOf(fits as Stack) + 25).toBeGreaterThan(2048);
  expect(said(doesNot as Stack)[0]).toContain(
    'origins must have prefixes of each bucket that fit into the 2048 characters of an event pattern: state wider ones, or none',
  );
});

test('names of saved queries have 255 characters', () => {
  const at = (length: number) => {
    const stack = emptyStack();
    const scope = new Construct(stack, 'x'.repeat(length));
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
    new CloudFrontInvalidator(scope, 'Invalidator', {
      origins: [{ bucket, distribution: existingDistribution(stack, 'E1AAAAAA') }],
    });
    return said(stack);
  };
  // Test/xxx/Invalidator/Cost by distribution and day
  const most = 255 - 'Test//Invalidator/Cost by distribution and day'.length;
  expect(at(most)).toEqual([]);
  expect(at(most + 1)[0]).toContain('monitoring must be false, or the path of the construct shorter');
});
