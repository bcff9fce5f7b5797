import {
  CloudFrontClient,
  type CloudFrontClientConfig,
  CreateInvalidationCommand,
  GetInvalidationCommand,
  ListInvalidationsCommand,
} from '@aws-sdk/client-cloudfront';
import type { Fault } from '../../local/cloudfront/fault';
import { RATE_QUOTA } from '../../local/cloudfront/quota';
import { type LocalCloudFront, type LocalCloudFrontOptions, startCloudFront } from '../../local/cloudfront/server';

const opened: { close?: () => unknown; destroy?: () => unknown }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await (one.destroy ?? one.close)?.call(one);
});

/** A local CloudFront with distributions E1, E2 and the forbidden E9, and a clock that only the test moves. */
async function start(options: Partial<LocalCloudFrontOptions> = {}) {
  const clock = { ms: Date.UTC(2026, 0, 1) };
  const distributions = ['E1', 'E2', { id: 'E9', access: 'denied' as const }];
  const cloudFront = await startCloudFront({ distributions, now: () => clock.ms, ...options });
  const client = sdk(cloudFront);
  opened.push(client, cloudFront);
  return { cloudFront, client, clock, create: createWith(client) };
}

function sdk({ url }: LocalCloudFront, config: CloudFrontClientConfig = {}) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new CloudFrontClient({ region: 'us-east-1', endpoint: url, credentials, maxAttempts: 1, ...config });
}

let references = 0;

function createWith(client: CloudFrontClient) {
  return (
    paths: readonly string[],
    { distribution = 'E1', reference = `reference-${++references}`, quantity = paths.length } = {},
  ) =>
    client.send(
      new CreateInvalidationCommand({
        DistributionId: distribution,
        InvalidationBatch: { CallerReference: reference, Paths: { Quantity: quantity, Items: [...paths] } },
      }),
    );
}

function refused(name: string, httpStatusCode: number, message?: string) {
  return { name, $metadata: { httpStatusCode, attempts: 1 }, ...(message ? { message } : {}) };
}

const numbered = (count: number, suffix = '') => Array.from({ length: count }, (_, index) => `/${index}${suffix}`);

describe('CreateInvalidation', () => {
  test('answers 201 with the invalidation and where it is', async () => {
    const { cloudFront, create } = await start();
    const paths = ['/a&b.html', "/it's", '/img/*'];
    const answer = await create(paths, { reference: 'x <&"\'>\r\n\ty' });
    expect(answer.$metadata.httpStatusCode).toBe(201);
    expect(answer.Invalidation).toEqual({
      Id: expect.stringMatching(/^I[0-9A-Z]{13}$/),
      Status: 'InProgress',
      CreateTime: new Date('2026-01-01T00:00:00Z'),
      InvalidationBatch: { CallerReference: 'x <&"\'>\r\n\ty', Paths: { Quantity: 3, Items: paths } },
    });
    const location = `${cloudFront.url}/2020-05-31/distribution/E1/invalidation/${answer.Invalidation?.Id}`;
    expect(answer.Location).toBe(location);
    expect(await (await fetch(location)).text()).toContain(`<Id>${answer.Invalidation?.Id}</Id>`);
  });

  test('a batch as large as AWS takes survives the XML, escapes and all', async () => {
    const { cloudFront, create } = await start({ quota: { kind: 'none' } });
    const paths = numbered(3000, '/a&b%20c');
    await create(paths);
    expect(cloudFront.invalidations[0]?.paths).toEqual(paths);
  });

  test.each(['2017-03-25', '2020-05-31', '2031-01-01'])('speaks version %s', async (version) => {
    const { cloudFront } = await start();
    const namespace = `xmlns="http://cloudfront.amazonaws.com/doc/${version}/"`;
    const response = await post(
      cloudFront,
      `<InvalidationBatch ${namespace}><Paths><Quantity>1</Quantity><Items><Path>/*</Path></Items></Paths><CallerReference>r</CallerReference></InvalidationBatch>`,
      version,
    );
    expect(response.status).toBe(201);
    expect(response.headers.get('Location')).toContain(`/${version}/distribution/E1/invalidation/I`);
    expect(await response.text()).toContain(`<Invalidation ${namespace}>`);
  });

  test('tells of each new invalidation, oldest first, whichever the distribution', async () => {
    const { cloudFront, create } = await start();
    const heard: string[] = [];
    cloudFront.onInvalidation(({ distribution, paths }) => heard.push(`${distribution} ${paths}`));
    await create(['/a'], { reference: 'r' });
    await create(['/b'], { distribution: 'E2' });
    await create(['/a'], { reference: 'r' });
    await create(['/c', '/~']).catch(() => undefined);
    expect(heard).toEqual(['E1 /a', 'E2 /b']);
    expect(cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/a'], ['/b']]);
  });
});

describe('GetInvalidation and ListInvalidations', () => {
  test('an invalidation is in progress, then completed, by the clock', async () => {
    const { client, clock, create } = await start({ completesAfter: 5000 });
    const Id = (await create(['/a'])).Invalidation?.Id;
    const status = async () =>
      (await client.send(new GetInvalidationCommand({ DistributionId: 'E1', Id }))).Invalidation?.Status;
    clock.ms += 4999;
    expect(await status()).toBe('InProgress');
    clock.ms += 1;
    expect(await status()).toBe('Completed');
  });

  test('lists page by page, newest first, each distribution its own', async () => {
    const { client, clock, create } = await start();
    const ids: (string | undefined)[] = [];
    for (const path of ['/1', '/2', '/3']) {
      ids.unshift((await create([path])).Invalidation?.Id);
      clock.ms += 1500;
    }
    await create(['/other'], { distribution: 'E2' });
    const list = async (Marker?: string) =>
      (await client.send(new ListInvalidationsCommand({ DistributionId: 'E1', MaxItems: 2, Marker }))).InvalidationList;
    const first = await list();
    expect(first).toMatchObject({ IsTruncated: true, MaxItems: 2, Quantity: 2, NextMarker: ids[1], Marker: '' });
    expect(first?.Items?.map(({ Id, Status }) => [Id, Status])).toEqual([
      [ids[0], 'InProgress'],
      [ids[1], 'Completed'],
    ]);
    const second = await list(first?.NextMarker);
    expect(second).toMatchObject({ IsTruncated: false, Quantity: 1, Marker: ids[1], Items: [{ Id: ids[2] }] });
    expect(second?.NextMarker).toBeUndefined();
  });

  test('an empty list is a list', async () => {
    const { client } = await start();
    const { InvalidationList } = await client.send(new ListInvalidationsCommand({ DistributionId: 'E1' }));
    expect(InvalidationList).toMatchObject({ IsTruncated: false, MaxItems: 100, Quantity: 0 });
  });

  test.each([{ MaxItems: 101 }, { MaxItems: 0 }, { MaxItems: -1 }, { Marker: 'INONE' }])('refuses %j', async (page) => {
    const { client } = await start();
    const listing = client.send(new ListInvalidationsCommand({ DistributionId: 'E1', ...page }));
    await expect(listing).rejects.toMatchObject(refused('InvalidArgument', 400));
  });

  test('what does not exist, or may not be seen, is refused', async () => {
    const { client, create } = await start();
    const Id = (await create(['/a'])).Invalidation?.Id;
    const get = (DistributionId: string, id = Id) =>
      client.send(new GetInvalidationCommand({ DistributionId, Id: id }));
    const list = (DistributionId: string) => client.send(new ListInvalidationsCommand({ DistributionId }));
    await expect(get('E1', 'INONE')).rejects.toMatchObject(refused('NoSuchInvalidation', 404));
    await expect(get('E2')).rejects.toMatchObject(refused('NoSuchInvalidation', 404));
    await expect(get('E0')).rejects.toMatchObject(refused('NoSuchDistribution', 404));
    await expect(get('E9')).rejects.toMatchObject(refused('AccessDenied', 403));
    await expect(list('E0')).rejects.toMatchObject(refused('NoSuchDistribution', 404));
    await expect(list('E9')).rejects.toMatchObject(refused('AccessDenied', 403));
  });
});

describe('the errors of CreateInvalidation', () => {
  const invalidPaths = 'Your request contains one or more invalid invalidation paths.';
  test.each([
    ['an unknown distribution', ['/a'], { distribution: 'E0' }, refused('NoSuchDistribution', 404)],
    ['a forbidden distribution', ['/a'], { distribution: 'E9' }, refused('AccessDenied', 403)],
    ['a quantity that is not the count', ['/a', '/b'], { quantity: 1 }, refused('InconsistentQuantities', 400)],
    ['one bad path among good ones', ['/a', '/b c'], {}, refused('InvalidArgument', 400, invalidPaths)],
    ['no path at all', [], {}, refused('InvalidArgument', 400)],
    ['an empty caller reference', ['/a'], { reference: '' }, refused('InvalidArgument', 400)],
    ['more items than a batch may hold', numbered(3001), {}, refused('BatchTooLarge', 413)],
  ])('%s', async (_name, paths, request, error) => {
    const { cloudFront, create } = await start({ quota: { kind: 'none' } });
    await expect(create(paths, request)).rejects.toMatchObject(error);
    expect(cloudFront.invalidations).toEqual([]);
    expect(cloudFront.calls).toMatchObject([{ outcome: { kind: 'refused', error: { code: error.name } } }]);
  });

  test('an empty body, as the SDK sends for no batch', async () => {
    const { client } = await start();
    const creation = client.send(new CreateInvalidationCommand({ DistributionId: 'E1', InvalidationBatch: undefined }));
    await expect(creation).rejects.toMatchObject(refused('MissingBody', 400));
  });

  const batch = (content: string) => `<InvalidationBatch>${content}</InvalidationBatch>`;
  const reference = '<CallerReference>r</CallerReference>';
  test.each([
    ['{"Paths": ["/a"]}', 'MalformedInput'],
    ['<InvalidationBatch><Paths>', 'MalformedInput'],
    [`<!DOCTYPE x [<!ENTITY a "/a">]>${batch('')}`, 'MalformedInput'],
    ['<constructor/>', 'MalformedInput'],
    ['<Other/>', 'MalformedXML'],
    [batch(''), 'MalformedXML'],
    [batch(reference), 'MalformedXML'],
    [batch(`${reference}<Paths><Items><Path>/a</Path></Items></Paths>`), 'MalformedXML'],
    [batch('<Paths><Quantity>0</Quantity></Paths>'), 'MalformedXML'],
    [batch(`${reference}<Paths><Quantity>one</Quantity></Paths>`), 'MalformedInput'],
    [batch(`${reference}<Paths><Quantity>1</Quantity><Items><member>/a</member></Items></Paths>`), 'MalformedInput'],
  ])('malformed: %s', async (body, code) => {
    const { cloudFront } = await start();
    const response = await post(cloudFront, body);
    expect(response.status).toBe(400);
    const id = response.headers.get('x-amzn-RequestId');
    const answer = await response.text();
    expect(answer).toContain('<ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">');
    expect(answer).toContain(`<Error><Type>Sender</Type><Code>${code}</Code><Message>`);
    expect(answer).toContain(`</Message></Error><RequestId>${id}</RequestId></ErrorResponse>`);
    expect(cloudFront.calls).toMatchObject([{ outcome: { kind: 'refused' } }]);
  });

  test.each([
    '/',
    '//',
    '/2020-05-31/distribution',
    '/2020-05-31/key-group/E1',
    '/latest/distribution/E1/invalidation',
  ])('no such resource: %s', async (path) => {
    const { cloudFront } = await start();
    expect((await fetch(cloudFront.url + path)).status).toBe(404);
  });
});

describe('the caller reference', () => {
  test('the same batch again gets the earlier invalidation: nothing new, no quota taken', async () => {
    const { cloudFront, clock, create } = await start({ quota: { kind: 'in-progress', paths: 3, wildcards: 0 } });
    const first = await create(['/a', '/b'], { reference: 'r' });
    clock.ms += 1000;
    const again = await create(['/b', '/a'], { reference: 'r' });
    expect(again.Invalidation).toEqual(first.Invalidation);
    expect(cloudFront.invalidations).toHaveLength(1);
    expect(cloudFront.calls.map(({ outcome }) => outcome.kind)).toEqual(['created', 'repeated']);
    await create(['/c']);
  });

  test('with other paths it is refused, on that distribution only', async () => {
    const { create } = await start();
    await create(['/a', '/b'], { reference: 'r' });
    const conflict =
      'Your request contains a caller reference that was used for a previous invalidation batch for the same distribution.';
    for (const paths of [['/a'], ['/a', '/c'], ['/a', '/b', '/c']]) {
      await expect(create(paths, { reference: 'r' })).rejects.toMatchObject(refused('InvalidArgument', 400, conflict));
    }
    await create(['/b'], { reference: 'r', distribution: 'E2' });
  });

  test('a refused batch leaves its reference free', async () => {
    const { create } = await start();
    await expect(create(['/~'], { reference: 'r' })).rejects.toMatchObject({ name: 'InvalidArgument' });
    await create(['/*'], { reference: 'r' });
  });
});

describe('quotas', () => {
  const tooMany = refused(
    'TooManyInvalidationsInProgress',
    400,
    'Processing your request will cause you to exceed the maximum number of in-progress invalidations.',
  );

  test('in progress: paths count until their invalidation completes, duplicates each', async () => {
    const quota = { kind: 'in-progress', paths: 4, wildcards: 1 } as const;
    const { clock, create } = await start({ quota, completesAfter: 1000 });
    await create(['/a', '/a', '/b']);
    clock.ms += 500;
    await expect(create(['/c', '/d'])).rejects.toMatchObject(tooMany);
    await create(['/c']);
    await create(['/e'], { distribution: 'E2' });
    clock.ms += 500;
    await create(['/c', '/d', '/e']);
    await expect(create(['/f'])).rejects.toMatchObject(tooMany);
  });

  test('in progress: wildcards count apart from paths', async () => {
    const { create } = await start({ quota: { kind: 'in-progress', paths: 1, wildcards: 2 } });
    await create(['/a/*', '/b*', '/c']);
    const wildcards = { ...tooMany, message: tooMany.message?.replace('invalidations', 'wildcard invalidations') };
    await expect(create(['/*'])).rejects.toMatchObject(wildcards);
    await expect(create(['/d'])).rejects.toMatchObject(tooMany);
  });

  test('in progress: 3,000 paths and 15 wildcards unless told otherwise', async () => {
    const { create } = await start({ maxBatch: 10_000 });
    await expect(create(numbered(3001))).rejects.toMatchObject(tooMany);
    await expect(create(numbered(16, '/*'))).rejects.toMatchObject({ name: tooMany.name });
    await create([...numbered(3000), ...numbered(15, '/*')]);
  });

  test('rate: a second lets another 150 paths through, and another wildcard', async () => {
    const { clock, create } = await start({ quota: RATE_QUOTA });
    await create([...numbered(150), '/*']);
    await expect(create(['/a'])).rejects.toMatchObject(tooMany);
    clock.ms += 100;
    await create(numbered(15));
    await expect(create(['/a'])).rejects.toMatchObject(tooMany);
    await expect(create(['/a*'])).rejects.toMatchObject({ name: tooMany.name });
    clock.ms += 900;
    await create(['/a*']);
    await create(numbered(135));
    await expect(create(['/a'])).rejects.toMatchObject(tooMany);
  });

  test('rate: a refused request takes nothing', async () => {
    const { create } = await start({ quota: RATE_QUOTA });
    await expect(create([...numbered(150), '/a*', '/b*'])).rejects.toMatchObject({ name: tooMany.name });
    await create([...numbered(150), '/a*']);
  });

  test('rate: many small waits add up to one long wait', async () => {
    const { clock, create } = await start({ quota: RATE_QUOTA });
    await create(['/a*']);
    for (let tenths = 1; tenths < 10; tenths++) {
      clock.ms += 100;
      await expect(create(['/b*'])).rejects.toMatchObject({ name: tooMany.name });
    }
    clock.ms += 100;
    await create(['/b*']);
  });

  test('rate: waiting fills the bucket no further than its burst', async () => {
    const { clock, create } = await start({ quota: { ...RATE_QUOTA, burstSeconds: 2 } });
    await create(numbered(300));
    clock.ms += 3_600_000;
    await expect(create(numbered(301))).rejects.toMatchObject(tooMany);
    await create(numbered(300));
  });
});

describe('injected faults', () => {
  test('the fault function sees each request and decides on it alone', async () => {
    const seen: unknown[] = [];
    const fault: LocalCloudFrontOptions['fault'] = async (call) => {
      seen.push(call);
      return call.number === 1
        ? { kind: 'refuse', status: 400, code: 'Throttling', message: 'Rate exceeded' }
        : undefined;
    };
    const { cloudFront, create } = await start({ fault });
    await expect(create(['/a'], { reference: 'r' })).rejects.toMatchObject(refused('Throttling', 400, 'Rate exceeded'));
    await create(['/a'], { reference: 'r' });
    expect(seen).toEqual([1, 2].map((number) => ({ distribution: 'E1', callerReference: 'r', paths: ['/a'], number })));
    expect(cloudFront.calls.map(({ outcome }) => outcome.kind)).toEqual(['refused', 'created']);
    cloudFront.fault = () => ({ kind: 'refuse', status: 503, code: 'ServiceUnavailable' });
    await expect(create(['/a'])).rejects.toMatchObject(refused('ServiceUnavailable', 503));
    cloudFront.fault = undefined;
    await create(['/a']);
  });

  test('a fault function that throws is seen at the client', async () => {
    const { create, cloudFront } = await start();
    cloudFront.fault = () => {
      throw new Error('a mistake in the test');
    };
    await expect(create(['/a'])).rejects.toMatchObject({ name: 'InternalError', message: /a mistake in the test/ });
  });

  test('a lost answer: the invalidation exists, and the SDK trying again makes no second one', async () => {
    const fault = ({ number }: { number: number }): Fault | undefined =>
      number === 1 ? { kind: 'lose-answer' } : undefined;
    const { cloudFront } = await start({ fault });
    const client = sdk(cloudFront, { maxAttempts: 2 });
    opened.push(client);
    const answer = await createWith(client)(['/a']);
    expect(answer.$metadata.attempts).toBe(2);
    expect(cloudFront.invalidations.map(({ id }) => id)).toEqual([answer.Invalidation?.Id]);
    expect(cloudFront.calls).toMatchObject([
      { fault: { kind: 'lose-answer' }, outcome: { kind: 'created' } },
      { outcome: { kind: 'repeated' } },
    ]);
  });

  test.each(['truncated-xml', 'not-xml'] as const)(
    '%s: the invalidation exists, the client cannot tell',
    async (as) => {
      const { cloudFront, create } = await start({ fault: () => ({ kind: 'garble-answer', as }) });
      const answer = await create(['/a']).catch(() => undefined);
      expect(answer?.Invalidation?.InvalidationBatch).toBeUndefined();
      expect(cloudFront.invalidations).toHaveLength(1);
    },
  );

  test('a hanging request is never answered, creates nothing, and ends when the server closes', async () => {
    const { cloudFront, create } = await start({ fault: () => ({ kind: 'hang' }) });
    const answer = create(['/a']).then(
      () => 'answered',
      () => 'cut',
    );
    while (cloudFront.calls.length === 0) await new Promise(setImmediate);
    expect(cloudFront.calls).toMatchObject([{ outcome: { kind: 'hung' } }]);
    expect(cloudFront.invalidations).toEqual([]);
    await cloudFront.close();
    expect(await answer).toBe('cut');
  });

  test('a late answer: the invalidation exists before it comes', async () => {
    const { cloudFront, create } = await start({ fault: () => ({ kind: 'delay-answer', ms: 50 }) });
    const answer = create(['/a']).then(() => 'answered');
    while (cloudFront.invalidations.length === 0) await new Promise(setImmediate);
    expect(await Promise.race([answer, 'not yet'])).toBe('not yet');
    expect(await answer).toBe('answered');
  });
});

test('a port in use is named', async () => {
  const { cloudFront } = await start();
  const second = startCloudFront({ port: cloudFront.port, distributions: [] });
  await expect(second).rejects.toThrow(`The local CloudFront cannot listen on port ${cloudFront.port}: it is in use.`);
});

test('closing twice is closing once', async () => {
  const { cloudFront } = await start();
  await cloudFront.close();
  await cloudFront.close();
  await expect(fetch(cloudFront.url)).rejects.toThrow();
});

function post({ url }: LocalCloudFront, body: string, version = '2020-05-31') {
  return fetch(`${url}/${version}/distribution/E1/invalidation`, { method: 'POST', body });
}
