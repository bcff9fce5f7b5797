import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnDistributionTenant } from 'aws-cdk-lib/aws-cloudfront';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CloudFrontInvalidator, type CloudFrontInvalidatorProps, type InvalidatorOrigin } from '../../lib';
import { emptyStack, existingDistribution, only, synthesized } from './templates';

type Named = Omit<InvalidatorOrigin, 'bucket' | 'distribution'>;

/** A bucket behind one distribution, once for each of these. */
function templateOf(
  named: readonly Named[],
  props: Partial<CloudFrontInvalidatorProps> = {},
  more: (scope: Construct) => readonly Named[] = () => [],
): Template {
  const stack = emptyStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site');
  const distribution = existingDistribution(stack, 'E1AAAAAA');
  const origins = [...named, ...more(stack)].map((each) => ({ bucket, distribution, ...each }));
  new CloudFrontInvalidator(stack, 'Invalidator', { origins, ...props });
  return Template.fromStack(stack);
}

const A = { tenant: 'dt_2wjDZi3hD1ivOXf6rpZJO1AB', originPath: '/tenant-a' };
const B = { tenant: 'dt_b', originPath: '/tenant-b' };

/** What the function may do with CloudFront, by action: on what, without partition and account. */
function grantsOf(template: Template): Record<string, string[]> {
  const grants: Record<string, string[]> = {};
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::Policy'))) {
    for (const { Action, Resource } of Properties.PolicyDocument.Statement) {
      for (const action of [Action].flat().filter((each) => each.startsWith('cloudfront:'))) {
        const on = [Resource].flat().map((each) => JSON.stringify(each).replace(/^.*:cloudfront::.*?\},?"?:?/, ''));
        grants[action.slice('cloudfront:'.length)] = on.map((each) => each.replaceAll(/[":\]}]/g, ''));
      }
    }
  }
  return grants;
}

const READING = { GetDistributionConfig: ['distribution/E1AAAAAA'], GetCachePolicyConfig: ['cache-policy/*'] };

const originsOf = (template: Template): unknown => {
  const { Variables } = only(template, 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' }).Environment as {
    Variables: Record<string, unknown>;
  };
  return Variables.ORIGINS;
};

test('the function is told the tenants, and may invalidate them, and nothing else', () => {
  const template = templateOf([A, B]);
  expect(JSON.parse(String(originsOf(template)))).toEqual([
    { bucket: 'site', distribution: 'E1AAAAAA', tenant: A.tenant, path: '/tenant-a' },
    { bucket: 'site', distribution: 'E1AAAAAA', tenant: 'dt_b', path: '/tenant-b' },
  ]);
  expect(grantsOf(template)).toEqual({
    ...READING,
    CreateInvalidationForDistributionTenant: [`distribution-tenant/${A.tenant}`, 'distribution-tenant/dt_b'],
  });
});

test('the ARN of a tenant is as the Service Authorization Reference has it', () => {
  const statements = Object.values(templateOf([B]).findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  expect(statements).toContainEqual({
    Effect: 'Allow',
    Action: 'cloudfront:CreateInvalidationForDistributionTenant',
    Resource: {
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, ':cloudfront::', { Ref: 'AWS::AccountId' }, ':distribution-tenant/dt_b'],
      ],
    },
  });
});

test('beside tenants, the distribution itself is invalidated where an origin names none', () => {
  expect(grantsOf(templateOf([B, { originPath: '/all' }]))).toEqual({
    ...READING,
    CreateInvalidation: ['distribution/E1AAAAAA'],
    CreateInvalidationForDistributionTenant: ['distribution-tenant/dt_b'],
  });
});

test('in a dry run the function may invalidate no tenant', () => {
  expect(grantsOf(templateOf([A], { dryRun: true }))).toEqual(READING);
});

test('a tenant of the app is known at deployment', () => {
  const template = templateOf([], {}, (scope) => {
    const tenant = new CfnDistributionTenant(scope, 'Tenant', { distributionId: 'E1AAAAAA', domains: [], name: 'a' });
    return [{ tenant: tenant.attrId, originPath: '/tenant-a' }];
  });
  expect(JSON.stringify(originsOf(template))).toContain('{"Fn::GetAtt":["Tenant","Id"]}');
  expect(grantsOf(template).CreateInvalidationForDistributionTenant).toEqual([
    expect.stringContaining('distribution-tenant/'),
  ]);
});

test.each<[unknown, string]>([
  ['E1AAAAAA', 'must be the id of a distribution tenant: "dt_" and letters or digits'],
  ['tenant-a', 'must be the id of a distribution tenant'],
  ['dt_', 'must be the id of a distribution tenant'],
  ['dt_a/*', 'must be the id of a distribution tenant'],
  ['', 'must be the id of a distribution tenant'],
  [7, 'must be text'],
])('the tenant %j is refused, with the option, the rule and the value', (tenant, rule) => {
  expect(() => templateOf([{ tenant: tenant as string }])).toThrow(`origins[0].tenant ${rule}`);
  expect(() => templateOf([{ tenant: tenant as string }])).toThrow(`but it is ${JSON.stringify(tenant)}`);
});

test('what the page shows synthesizes', () => {
  const page = readFileSync(join(__dirname, '../../docs/tenants.md'), 'utf8');
  const shown = page.match(/(?<=```ts\n).*?(?=```)/gs) ?? [];
  const tenants = shown.map((snippet) => Array.from(snippet.matchAll(/tenant: '(.*?)', originPath: '(.*?)'/g)));
  expect(tenants.map(({ length }) => length)).toEqual([1, 2]);
  for (const all of tenants) templateOf(all.map(([, tenant = '', originPath = '']) => ({ tenant, originPath })));
});

test('tenants tell origins apart; the same one twice is refused', () => {
  expect(() => templateOf([B, { ...B }])).toThrow(
    'origins[1] must differ from origins[0] in its bucket, distribution, tenant',
  );
  templateOf([{ originPath: '/x' }, { ...A, originPath: '/x' }, { ...B, originPath: '/x' }]);
});

test('each tenant has a path a day at least', () => {
  expect(() => templateOf([A, B, {}], { maxPathsPerDay: 2 })).toThrow(
    'maxPathsPerDay must be at least the number of distributions and tenants, 3, which share it equally, but it is 2',
  );
  templateOf([A, B, { ...B, originPath: '/more' }], { maxPathsPerDay: 2 });
});

test('without the option, nothing in the template knows of tenants', () => {
  for (const template of [
    templateOf([{ originPath: '/x' }]),
    templateOf([{ tenant: null as unknown as undefined }]),
    synthesized(),
  ]) {
    expect(JSON.stringify(template.toJSON())).not.toMatch(/tenant/i);
  }
  expect(grantsOf(templateOf([{}]))).toEqual({ ...READING, CreateInvalidation: ['distribution/E1AAAAAA'] });
});
