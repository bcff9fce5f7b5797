import { CACHING_OPTIMIZED } from '../../local/cloudfront/configuration';
import { type LocalCloudFront, startCloudFront } from '../../local/cloudfront/server';
import { type Shell, shellWith, tellOfSkipped, testWith } from './aws-cli';

const CONFIGURATION = {
  ...{ CallerReference: 'r', Comment: 'a <b> & "c"', Enabled: true },
  Origins: { Quantity: 1, Items: [{ Id: 'bucket', DomainName: 'b.s3.amazonaws.com', OriginPath: '/site' }] },
  OriginGroups: { Quantity: 0 },
};

let cloudFront: LocalCloudFront;
let shell: Shell;

beforeAll(async () => {
  cloudFront = await startCloudFront({
    configurations: { E1: CONFIGURATION as never },
    distributions: ['E2', { id: 'E9', access: 'denied' }],
    maxBatch: 20,
    completesAfter: 3_600_000,
  });
  shell = shellWith({ cloudfront: cloudFront.url });
});

afterAll(() => cloudFront.close());

tellOfSkipped('the AWS CLI', 'the local CloudFront was not judged by the AWS CLI');

const aws = async (command: string) => JSON.parse(await shell(`aws cloudfront ${command} --output json`));

testWith('the AWS CLI')(
  'paths, wildcards and cache tags are created as they are given, and listed page by page',
  async () => {
    const paths = ['/a&b.html', "/it's", '/caf%C3%A9', '/img/*', '#product:7'];
    const quoted = paths.map((path) => `"${path}"`).join(' ');
    const { Invalidation } = await aws(`create-invalidation --distribution-id E1 --paths ${quoted}`);
    expect(Invalidation).toMatchObject({ Status: 'InProgress', InvalidationBatch: { Paths: { Items: paths } } });
    expect(await aws(`get-invalidation --distribution-id E1 --id ${Invalidation.Id}`)).toEqual({ Invalidation });
    await aws('create-invalidation --distribution-id E1 --paths /b');
    const listed = await aws('list-invalidations --distribution-id E1 --page-size 1');
    const newestFirst = cloudFront.invalidations.map(({ id }) => id).toReversed();
    expect(listed.InvalidationList.Items.map(({ Id }: { Id: string }) => Id)).toEqual(newestFirst);
  },
);

testWith('the AWS CLI')('a batch from a file is created once, however often it is sent', async () => {
  const batch = (path: string) => `'{"Paths":{"Quantity":1,"Items":["${path}"]},"CallerReference":"by hand"}'`;
  const create = (path: string) => aws(`create-invalidation --distribution-id E1 --invalidation-batch ${batch(path)}`);
  const first = await create('/c');
  expect(await create('/c')).toEqual(first);
  await expect(create('/d')).rejects.toThrow(/\(InvalidArgument\).* caller reference that was used/);
});

const numbered = (suffix: string) => Array.from({ length: 21 }, (_, at) => `/${at}${suffix}`).join(' ');
testWith('the AWS CLI').each([
  ['create-invalidation --distribution-id E0 --paths /a', 'NoSuchDistribution'],
  ['create-invalidation --distribution-id E9 --paths /a', 'AccessDenied'],
  ["create-invalidation --distribution-id E1 --paths '/a b'", 'InvalidArgument'],
  [`create-invalidation --distribution-id E1 --paths ${numbered('')}`, 'BatchTooLarge'],
  [`create-invalidation --distribution-id E2 --paths '/${Array(16).fill('a*').join("' '/")}'`, 'TooManyInvalidations'],
  ['get-invalidation --distribution-id E1 --id INONE', 'NoSuchInvalidation'],
  ['get-distribution --id E2', 'AccessDenied'],
  ['get-cache-policy --id none', 'NoSuchCachePolicy'],
])('%s is refused', async (command, code) => {
  await expect(aws(command)).rejects.toThrow(`An error occurred (${code}`);
});

testWith('the AWS CLI')('configurations are read as they were given', async () => {
  const { DistributionConfig, ETag } = await aws('get-distribution-config --id E1');
  expect(DistributionConfig).toEqual(CONFIGURATION);
  const whole = await aws('get-distribution --id E1');
  expect(whole).toMatchObject({ ETag, Distribution: { Id: 'E1', Status: 'Deployed', DistributionConfig } });
  const { CachePolicyConfig } = await aws(`get-cache-policy-config --id ${CACHING_OPTIMIZED}`);
  const { CachePolicy } = await aws(`get-cache-policy --id ${CACHING_OPTIMIZED}`);
  expect(CachePolicy).toMatchObject({ Id: CACHING_OPTIMIZED, CachePolicyConfig });
});
