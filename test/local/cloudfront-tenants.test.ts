import {
  CloudFrontClient,
  CreateInvalidationCommand,
  CreateInvalidationForDistributionTenantCommand,
  GetInvalidationForDistributionTenantCommand,
  ListInvalidationsForDistributionTenantCommand,
} from '@aws-sdk/client-cloudfront';
import { type LocalCloudFront, type LocalCloudFrontOptions, startCloudFront } from '../../local/cloudfront/server';

let cloudFront: LocalCloudFront;
let client: CloudFrontClient;

/** A distribution of two tenants, and one of another. */
async function start(options: Partial<LocalCloudFrontOptions> = {}) {
  const tenants = { dt_a: 'E1', dt_b: 'E1', dt_c: 'E2' };
  cloudFront = await startCloudFront({ distributions: ['E1', 'E2'], tenants, ...options });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new CloudFrontClient({ region: 'us-east-1', endpoint: cloudFront.url, credentials, maxAttempts: 1 });
}

afterEach(async () => {
  client.destroy();
  await cloudFront.close();
});

const batchOf = (reference: string, paths: string[]) => ({
  CallerReference: reference,
  Paths: { Quantity: paths.length, Items: paths },
});
const create = (tenant: string, reference: string, ...paths: string[]) =>
  client.send(
    new CreateInvalidationForDistributionTenantCommand({ Id: tenant, InvalidationBatch: batchOf(reference, paths) }),
  );
const get = (tenant: string, id = '') =>
  client.send(new GetInvalidationForDistributionTenantCommand({ DistributionTenantId: tenant, Id: id }));
const list = (tenant: string) => client.send(new ListInvalidationsForDistributionTenantCommand({ Id: tenant }));

test('an invalidation of a tenant is created, read and listed', async () => {
  await start();
  const { Invalidation, Location, $metadata } = await create('dt_a', 'r', '/a', '/b/*');
  expect($metadata.httpStatusCode).toBe(201);
  expect(Invalidation).toMatchObject({ Status: 'InProgress', InvalidationBatch: batchOf('r', ['/a', '/b/*']) });
  expect(Location).toBe(`${cloudFront.url}/2020-05-31/distribution-tenant/dt_a/invalidation/${Invalidation?.Id}`);
  expect((await get('dt_a', Invalidation?.Id)).Invalidation).toEqual(Invalidation);
  expect((await list('dt_a')).InvalidationList?.Items).toMatchObject([{ Id: Invalidation?.Id }]);
  expect(cloudFront.invalidations).toMatchObject([{ distribution: 'E1', tenant: 'dt_a', paths: ['/a', '/b/*'] }]);
  expect(cloudFront.calls).toMatchObject([{ distribution: 'E1', tenant: 'dt_a', outcome: { kind: 'created' } }]);
});

test('nobody else sees it: neither another tenant, nor the distribution', async () => {
  await start();
  const { Invalidation } = await create('dt_a', 'r', '/a');
  expect((await list('dt_b')).InvalidationList?.Quantity).toBe(0);
  await expect(get('dt_b', Invalidation?.Id)).rejects.toMatchObject({ name: 'NoSuchInvalidation' });
  const ofDistribution = `${cloudFront.url}/2020-05-31/distribution/E1/invalidation/${Invalidation?.Id}`;
  expect((await fetch(ofDistribution)).status).toBe(404);
});

test('each tenant has caller references of its own', async () => {
  await start();
  const first = await create('dt_a', 'r', '/a');
  const other = await create('dt_b', 'r', '/a');
  expect(other.Invalidation?.Id).not.toBe(first.Invalidation?.Id);
  expect((await create('dt_a', 'r', '/a')).Invalidation?.Id).toBe(first.Invalidation?.Id);
  await expect(create('dt_a', 'r', '/b')).rejects.toMatchObject({ name: 'InvalidArgument' });
});

test('each tenant has a quota of its own, and so has the distribution', async () => {
  await start({ quota: { kind: 'in-progress', paths: 1, wildcards: 1 } });
  const ofDistribution = () =>
    client.send(new CreateInvalidationCommand({ DistributionId: 'E1', InvalidationBatch: batchOf('r', ['/a']) }));
  await create('dt_a', 'r1', '/a');
  await expect(create('dt_a', 'r2', '/b')).rejects.toMatchObject({ name: 'TooManyInvalidationsInProgress' });
  await create('dt_b', 'r1', '/a');
  await ofDistribution();
});

test('a tenant that is not there is EntityNotFound, whatever is done with it', async () => {
  await start();
  const notFound = { name: 'EntityNotFound', message: 'The entity was not found.', $metadata: { httpStatusCode: 404 } };
  await expect(create('dt_x', 'r', '/a')).rejects.toMatchObject(notFound);
  await expect(create('E1', 'r', '/a')).rejects.toMatchObject(notFound);
  await expect(get('dt_x', 'I1')).rejects.toMatchObject(notFound);
  await expect(list('dt_x')).rejects.toMatchObject(notFound);
  expect(cloudFront.invalidations).toEqual([]);
});
