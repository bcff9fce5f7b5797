import { Aspects, Annotations as CdkAnnotations, CfnParameter, Fn, Lazy, ScopedAws, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import {
  CachePolicy,
  CacheQueryStringBehavior,
  CfnDistribution,
  Function as CloudFrontFunction,
  CloudFrontWebDistribution,
  Distribution,
  type DistributionProps,
  FunctionCode,
  FunctionEventType,
  type IDistribution,
  type IOrigin,
  LambdaEdgeEventType,
  OriginAccessIdentity,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, OriginGroup, S3BucketOrigin, S3StaticWebsiteOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { Version } from 'aws-cdk-lib/aws-lambda';
import { Bucket, CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { CloudFrontInvalidator, type CloudFrontInvalidatorProps, type InvalidatorOrigin } from '../../lib';
import { emptyApp, emptyStack, existingDistribution } from './templates';

type Options = Partial<InvalidatorOrigin> & Omit<Partial<CloudFrontInvalidatorProps>, 'origins'>;

function invalidate(stack: Stack, bucket: IBucket, distribution: IDistribution, options: Options = {}): void {
  const { originPath, queryStrings, aliases, events, ...others } = options;
  const origin = { bucket, distribution, originPath, queryStrings, aliases, events };
  new CloudFrontInvalidator(stack, 'Invalidator', { origins: [origin], monitoring: false, ...others });
}

// CDK prints the warnings that are looked for, and that CloudFrontWebDistribution is deprecated, which apps still have.
beforeAll(() => {
  for (const method of ['error', 'warn'] as const) jest.spyOn(console, method).mockImplementation(() => undefined);
});
afterAll(() => jest.restoreAllMocks());

/** What the synthesis of a stack says: its error, or its warnings. */
function said(stack: Stack): string[] {
  try {
    return Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('cloudfront-invalidator:'))
      .map(({ id, entry }) => `${id}: ${String(entry.data)}`);
  } catch (error) {
    return [String(error)];
  }
}

const site = (stack: Stack, origin: IOrigin, props: Partial<DistributionProps> = {}) =>
  new Distribution(stack, 'Distribution', { ...props, defaultBehavior: { origin, ...props.defaultBehavior } });

/** A site of one bucket, and what its synthesis says. */
function saidOf(
  options: Options,
  distributionOf: (stack: Stack, bucket: Bucket) => IDistribution = (stack, bucket) =>
    site(stack, S3BucketOrigin.withOriginAccessControl(bucket)),
): string[] {
  const stack = emptyStack();
  const bucket = new Bucket(stack, 'Bucket');
  invalidate(stack, bucket, distributionOf(stack, bucket), options);
  return said(stack);
}

describe('the origin path', () => {
  const behind = (originPath?: string) => (stack: Stack, bucket: Bucket) =>
    site(stack, S3BucketOrigin.withOriginAccessControl(bucket, { originPath }));

  test('that contradicts the distribution ends the synthesis, and the error says what it should be', () => {
    expect(saidOf({ originPath: '/site' }, behind('/other'))).toEqual([
      expect.stringContaining(
        '[Test/Invalidator] origins[0].originPath must be "/other", which is what the distribution Test/Distribution says for this bucket, or left out, but it is "/site"',
      ),
    ]);
    expect(saidOf({ originPath: '/site' }, behind())[0]).toContain('originPath must be "" (none), which is');
    expect(saidOf({ originPath: '' }, behind('/site'))[0]).toContain('must be "/site", which is');
  });

  test('that agrees is taken, and so is none', () => {
    expect(saidOf({ originPath: '/site' }, behind('/site'))).toEqual([]);
    expect(saidOf({}, behind('/site'))).toEqual([]);
    expect(saidOf({ originPath: '' }, behind())).toEqual([]);
  });

  test('may be any of several of the bucket, of a behavior that is added later, too', () => {
    const two = (stack: Stack, bucket: Bucket) => behind('/a')(stack, bucket);
    const stack = emptyStack();
    const bucket = new Bucket(stack, 'Bucket');
    const distribution = two(stack, bucket) as Distribution;
    invalidate(stack, bucket, distribution, { originPath: '/b' });
    distribution.addBehavior('/b/*', S3BucketOrigin.withOriginAccessControl(bucket, { originPath: '/b' }));
    expect(said(stack)).toEqual([]);
    expect(
      saidOf({ originPath: '/c' }, (scope, each) => {
        const made = two(scope, each) as Distribution;
        made.addBehavior('/b/*', S3BucketOrigin.withOriginAccessControl(each, { originPath: '/b' }));
        return made;
      })[0],
    ).toContain('must be "/a", "/b", which is');
  });

  test('is read with its overrides', () => {
    const overridden = (path: unknown) => (stack: Stack, bucket: Bucket) => {
      const distribution = behind('/site')(stack, bucket);
      const resource = distribution.node.defaultChild as CfnDistribution;
      resource.addPropertyOverride('DistributionConfig.Origins.0.OriginPath', path);
      return distribution;
    };
    expect(saidOf({ originPath: '/site' }, overridden('/other'))[0]).toContain('must be "/other"');
    expect(saidOf({ originPath: '/other' }, overridden('/other'))).toEqual([]);
    // Known at deployment only.
    expect(saidOf({ originPath: '/other' }, overridden({ 'Fn::ImportValue': 'Path' }))).toEqual([]);
  });

  test('may be one that a function puts in front of others: then it is a warning', () => {
    const rewriting = (code: string) => (stack: Stack, bucket: Bucket) =>
      site(stack, S3BucketOrigin.withOriginAccessControl(bucket), {
        defaultBehavior: {
          origin: S3BucketOrigin.withOriginAccessControl(bucket),
          functionAssociations: [
            {
              eventType: FunctionEventType.VIEWER_REQUEST,
              function: new CloudFrontFunction(stack, 'Rewrite', { code: FunctionCode.fromInline(code) }),
            },
          ],
        },
      });
    const found = saidOf({ originPath: '/v1' }, rewriting("event.request.uri = '/v1' + event.request.uri"));
    expect(found).toEqual([
      expect.stringMatching(/^\/Test\/Invalidator: origins\[0\]\.originPath must be "" \(none\)/),
    ]);
    expect(saidOf({ originPath: '/v1' }, rewriting('event.request.headers'))[0]).toContain('Validation failed');
  });

  test('that is left out is an error where the distribution has one and is not read', () => {
    expect(saidOf({ readDistribution: false }, behind('/site'))[0]).toContain(
      'origins[0].originPath must be "/site", which is what the distribution Test/Distribution says for this bucket, but it is missing',
    );
    expect(saidOf({ readDistribution: false }, behind())).toEqual([]);
  });
});

const edgeFunction = (stack: Stack) =>
  Version.fromVersionArn(stack, 'Edge', 'arn:aws:lambda:us-east-1:111111111111:function:edge:1');

describe('a bucket behind the distribution', () => {
  const WAYS: Readonly<Record<string, (stack: Stack, bucket: Bucket) => IDistribution>> = {
    'with origin access control': (stack, bucket) => site(stack, S3BucketOrigin.withOriginAccessControl(bucket)),
    'with an origin access identity': (stack, bucket) =>
      site(
        stack,
        S3BucketOrigin.withOriginAccessIdentity(bucket, {
          originAccessIdentity: new OriginAccessIdentity(stack, 'Identity'),
        }),
      ),
    public: (stack, bucket) => site(stack, S3BucketOrigin.withBucketDefaults(bucket)),
    'by its global domain': (stack, bucket) => site(stack, new HttpOrigin(bucket.bucketDomainName)),
    'by its dual-stack domain': (stack, bucket) => site(stack, new HttpOrigin(bucket.bucketDualStackDomainName)),
    'by its name and a region': (stack, bucket) =>
      site(stack, new HttpOrigin(`${bucket.bucketName}.s3.eu-west-1.amazonaws.com`)),
    'by its ARN': (stack, bucket) =>
      site(stack, new HttpOrigin(`${Fn.select(5, Fn.split(':', bucket.bucketArn))}.s3.amazonaws.com`)),
    'as a website': (stack, bucket) => site(stack, new HttpOrigin(bucket.bucketWebsiteDomainName)),
    'in an origin group': (stack, bucket) =>
      site(
        stack,
        new OriginGroup({
          primaryOrigin: new HttpOrigin('example.com'),
          fallbackOrigin: S3BucketOrigin.withOriginAccessControl(bucket),
        }),
      ),
    'of a behavior': (stack, bucket) => {
      const distribution = site(stack, new HttpOrigin('example.com'));
      distribution.addBehavior('/static/*', S3BucketOrigin.withOriginAccessControl(bucket));
      return distribution;
    },
    'of CloudFrontWebDistribution': (stack, bucket) =>
      new CloudFrontWebDistribution(stack, 'Distribution', {
        originConfigs: [{ s3OriginSource: { s3BucketSource: bucket }, behaviors: [{ isDefaultBehavior: true }] }],
      }),
    'of an L1 distribution': (stack, bucket) => l1(stack, bucket.bucketRegionalDomainName),
    lazily: (stack, bucket) => l1(stack, Lazy.string({ produce: () => bucket.bucketRegionalDomainName })),
    'by an override': (stack, bucket) => {
      const distribution = site(stack, new HttpOrigin('example.com'));
      (distribution.node.defaultChild as CfnDistribution).addPropertyOverride(
        'DistributionConfig.Origins.0.DomainName',
        bucket.bucketRegionalDomainName,
      );
      return distribution;
    },
  };

  test.each(Object.entries(WAYS))('%s', (_, distributionOf) => {
    expect(saidOf({}, distributionOf)).toEqual([]);
    // It is known that it is there: what contradicts it is found.
    expect(saidOf({ originPath: '/nowhere' }, distributionOf)[0]).toContain('originPath must be "" (none)');
  });

  test.each([
    'site-a.s3.amazonaws.com',
    'site-a.s3.eu-west-1.amazonaws.com',
    'site-a.s3.dualstack.eu-west-1.amazonaws.com',
    'site-a.s3-website-us-east-1.amazonaws.com',
    'site-a.s3-website.eu-central-1.amazonaws.com',
    'site-a.s3-eu-west-1.amazonaws.com',
    'site-a.s3.cn-north-1.amazonaws.com.cn',
    'site-a.s3-accelerate.amazonaws.com',
  ])('as %s', (domain) => {
    const named = (name: string, options: Options) => {
      const stack = emptyStack();
      const bucket =
        name === 'own' ? new Bucket(stack, 'B', { bucketName: 'site-a' }) : Bucket.fromBucketName(stack, 'B', name);
      invalidate(stack, bucket, site(stack, new HttpOrigin(domain)), options);
      return said(stack);
    };
    for (const name of ['site-a', 'own']) {
      expect(named(name, {})).toEqual([]);
      expect(named(name, { originPath: '/nowhere' })[0]).toContain('originPath must be "" (none)');
    }
    expect(named('site-b', {})[0]).toContain(`whose origins are ${domain}; `);
    expect(named('site', {})[0]).toContain(`whose origins are ${domain}; `);
  });

  test('that is imported, and imported again', () => {
    const stack = emptyStack();
    const distribution = site(
      stack,
      S3BucketOrigin.withOriginAccessControl(Bucket.fromBucketName(stack, 'First', 'site-a')),
    );
    invalidate(stack, Bucket.fromBucketName(stack, 'Second', 'site-a'), distribution);
    expect(said(stack)).toEqual([]);
  });

  test('that is an L1', () => {
    const stack = emptyStack();
    const resource = new CfnBucket(stack, 'Bucket');
    const distribution = site(stack, new HttpOrigin(resource.attrRegionalDomainName));
    invalidate(stack, Bucket.fromCfnBucket(resource), distribution, { originPath: '/nowhere' });
    expect(said(stack)[0]).toContain('originPath must be "" (none)');
  });

  test.each(['the bucket', 'the distribution'])('with %s in another stack', (what) => {
    const app = emptyApp();
    const [one, two] = [new Stack(app, 'One'), new Stack(app, 'Two')];
    const bucket = new Bucket(one, 'Bucket');
    const distribution = site(
      what === 'the bucket' ? two : one,
      S3BucketOrigin.withBucketDefaults(bucket, { originPath: '/site' }),
    );
    invalidate(two, bucket, distribution, { originPath: '/nowhere', events: 'eventbridge' });
    expect(said(two)[0]).toContain('originPath must be "/site"');
  });

  test('whose name is a parameter', () => {
    const stack = emptyStack();
    const name = new CfnParameter(stack, 'Name').valueAsString;
    const bucket = Bucket.fromBucketName(stack, 'Bucket', name);
    invalidate(stack, bucket, site(stack, S3BucketOrigin.withOriginAccessControl(bucket)), { originPath: '/nowhere' });
    expect(said(stack)[0]).toContain('originPath must be "" (none)');
  });
});

const l1 = (stack: Stack, domainName: string): IDistribution => {
  const { ref } = new CfnDistribution(stack, 'Distribution', {
    distributionConfig: {
      enabled: true,
      origins: [{ id: 'one', domainName, s3OriginConfig: {} }],
      defaultCacheBehavior: { targetOriginId: 'one', viewerProtocolPolicy: 'https-only' },
    },
  });
  return Distribution.fromDistributionAttributes(stack, 'L1', { distributionId: ref, domainName: 'example.com' });
};

describe('a bucket that is no origin of the distribution', () => {
  const OTHERS: readonly [string, string, (stack: Stack) => IOrigin][] = [
    ['another of the app', 'Test/Other', (stack) => S3BucketOrigin.withOriginAccessControl(new Bucket(stack, 'Other'))],
    [
      'a website of another',
      'Test/Other',
      (stack) => new HttpOrigin(new Bucket(stack, 'Other').bucketWebsiteDomainName),
    ],
    [
      'an imported one',
      'site-b.s3.us-east-1.amazonaws.com',
      (stack) => S3BucketOrigin.withBucketDefaults(Bucket.fromBucketName(stack, 'Other', 'site-b')),
    ],
    [
      "an imported one of the stack's region",
      'site-b.s3.us-east-1.amazonaws.com',
      (stack) => new HttpOrigin(`site-b.s3.${new ScopedAws(stack).region}.amazonaws.com`),
    ],
    ['another server', 'example.com', () => new HttpOrigin('example.com')],
    [
      'a server of the app',
      'Test/Server',
      (stack) => new HttpOrigin(new CfnInstance(stack, 'Server').attrPublicDnsName),
    ],
    [
      'one of several',
      'site-c.s3.amazonaws.com, example.com',
      () =>
        new OriginGroup({
          primaryOrigin: new HttpOrigin('site-c.s3.amazonaws.com'),
          fallbackOrigin: new HttpOrigin('example.com'),
        }),
    ],
  ];

  test.each(OTHERS)('ends the synthesis where the origin is %s, and the error names it', (_, named, originOf) => {
    expect(saidOf({}, (stack) => site(stack, originOf(stack)))).toEqual([
      expect.stringContaining(
        `[Test/Invalidator] origins[0].bucket must be an origin of the distribution Test/Distribution, whose origins are ${named}; if one of them serves the bucket's objects, state aliases, but it is "Test/Bucket"`,
      ),
    ]);
  });

  test('an imported bucket is named by its name', () => {
    const stack = emptyStack();
    const distribution = site(stack, S3BucketOrigin.withOriginAccessControl(new Bucket(stack, 'Other')));
    invalidate(stack, Bucket.fromBucketName(stack, 'Bucket', 'site-a'), distribution);
    expect(said(stack)[0]).toContain(
      'whose origins are Test/Other; if one of them serves the bucket\'s objects, state aliases, but it is "site-a"',
    );
  });

  test('may become one after the invalidator is created', () => {
    const stack = emptyStack();
    const bucket = new Bucket(stack, 'Bucket');
    const distribution = site(stack, new HttpOrigin('example.com'));
    invalidate(stack, bucket, distribution);
    distribution.addBehavior('/static/*', S3BucketOrigin.withOriginAccessControl(bucket));
    expect(said(stack)).toEqual([]);
  });

  const UNDECIDED: Readonly<Record<string, (stack: Stack) => IDistribution>> = {
    'a domain that is a parameter': (stack) =>
      site(stack, new HttpOrigin(new CfnParameter(stack, 'Domain').valueAsString)),
    'a domain that another app exports': (stack) => site(stack, new HttpOrigin(Fn.importValue('Domain'))),
    'a condition': (stack) => site(stack, new HttpOrigin(Fn.conditionIf('C', 'a.example', 'b.example').toString())),
    'a condition on another bucket': (stack) => {
      const { bucketRegionalDomainName } = new Bucket(stack, 'Other');
      return site(stack, new HttpOrigin(Fn.conditionIf('C', bucketRegionalDomainName, 'b.example').toString()));
    },
    'text that CloudFormation substitutes': (stack) =>
      site(stack, new HttpOrigin(Fn.sub(['$', '{Site}.s3.amazonaws.com'].join('')))),
    'an access point': (stack) => site(stack, new HttpOrigin('site-abc-s3alias.s3.eu-west-1.amazonaws.com')),
    'a bucket in the path': (stack) => site(stack, new HttpOrigin('s3.eu-west-1.amazonaws.com', { originPath: '/b' })),
    'a name that may be the one to be generated': (stack) =>
      site(stack, new HttpOrigin('test-bucket83908e77-1x2y3z4a5b6c.s3.eu-west-1.amazonaws.com')),
    'a function of Lambda that may ask another origin': (stack) =>
      new Distribution(stack, 'Distribution', {
        defaultBehavior: {
          origin: new HttpOrigin('example.com'),
          edgeLambdas: [{ eventType: LambdaEdgeEventType.ORIGIN_REQUEST, functionVersion: edgeFunction(stack) }],
        },
      }),
    'a function of CloudFront that may': (stack) =>
      new Distribution(stack, 'Distribution', {
        defaultBehavior: {
          origin: new HttpOrigin('example.com'),
          functionAssociations: [
            {
              eventType: FunctionEventType.VIEWER_REQUEST,
              function: new CloudFrontFunction(stack, 'Switch', {
                code: FunctionCode.fromInline("cf.updateRequestOrigin({ domainName: 'a.example' })"),
              }),
            },
          ],
        },
      }),
    'origins that an override makes': (stack) => {
      const distribution = site(stack, new HttpOrigin('example.com'));
      const resource = distribution.node.defaultChild as CfnDistribution;
      resource.addPropertyOverride('DistributionConfig.Origins', { 'Fn::If': ['C', [], []] });
      return distribution;
    },
    'an imported distribution': (stack) => existingDistribution(stack, 'E1AAAAAA'),
  };

  test.each(Object.entries(UNDECIDED))('is left alone with %s', (_, distributionOf) => {
    expect(saidOf({ originPath: '/site', indexDocument: 'a.html', queryStrings: true }, distributionOf)).toEqual([]);
  });

  test('is left alone where aliases say how else its objects are served', () => {
    const aliases = [{ pattern: '{name}.jpg', paths: ['/resized/{name}-*'] }];
    expect(saidOf({ aliases }, (stack) => site(stack, new HttpOrigin('images.example.com')))).toEqual([]);
    expect(saidOf({ aliases: [] }, (stack) => site(stack, new HttpOrigin('images.example.com')))).toHaveLength(1);
  });
});

describe('query strings', () => {
  const cached = (policyOf: (stack: Stack) => CachePolicy | unknown) => (stack: Stack, bucket: Bucket) =>
    site(stack, S3BucketOrigin.withOriginAccessControl(bucket), {
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        cachePolicy: policyOf(stack) as CachePolicy,
      },
    });
  const own = (queryStringBehavior: CacheQueryStringBehavior) => (stack: Stack) =>
    new CachePolicy(stack, 'Policy', { queryStringBehavior });
  const ALL = cached(own(CacheQueryStringBehavior.all()));
  const SOME = cached(own(CacheQueryStringBehavior.allowList('v')));
  const NONE = cached(own(CacheQueryStringBehavior.none()));
  const MANAGED = cached(() => CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS);
  const OPTIMIZED = cached(() => CachePolicy.CACHING_OPTIMIZED);
  const DISABLED = cached(() => CachePolicy.CACHING_DISABLED);
  const UNKNOWN = cached((stack) =>
    CachePolicy.fromCachePolicyId(stack, 'Policy', 'e1b1c2d3-0000-0000-0000-000000000000'),
  );
  const legacy = (queryString: boolean) => (stack: Stack, bucket: Bucket) =>
    new CloudFrontWebDistribution(stack, 'Distribution', {
      originConfigs: [
        {
          s3OriginSource: { s3BucketSource: bucket },
          behaviors: [{ isDefaultBehavior: true, forwardedValues: { queryString } }],
        },
      ],
    });

  test.each([
    ['a policy of the app', ALL, 'cache policy Test/Policy'],
    ['a policy that has some of them', SOME, 'cache policy Test/Policy'],
    ['a managed policy', MANAGED, 'cache policy UseOriginCacheControlHeaders-QueryStrings'],
    ['forwarded values', legacy(true), 'ForwardedValues'],
  ])('that are said to be in no cache key, against %s, are a warning', (_, distributionOf, named) => {
    expect(saidOf({ queryStrings: false }, distributionOf)).toEqual([
      `/Test/Invalidator: origins[0].queryStrings is false, but in the distribution Test/Distribution query strings are part of the cache key of the default behavior (${named}). Copies under URLs with query strings would stay stale: leave it out [ack: cloudfront-invalidator:queryStrings]`,
    ]);
    expect(saidOf({ queryStrings: true }, distributionOf)).toEqual([]);
    expect(saidOf({}, distributionOf)).toEqual([]);
  });

  test.each([
    ['a policy of the app', NONE, 'cache policy Test/Policy'],
    ['a managed policy', OPTIMIZED, 'cache policy CachingOptimized'],
    ['forwarded values', legacy(false), 'ForwardedValues'],
  ])('that are said to be in the cache key, against %s, are a warning', (_, distributionOf, named) => {
    expect(saidOf({ queryStrings: true }, distributionOf)).toEqual([
      expect.stringContaining(
        `origins[0].queryStrings is true, but in the distribution Test/Distribution query strings are not part of the cache key of the default behavior (${named}).`,
      ),
    ]);
    expect(saidOf({ queryStrings: false }, distributionOf)).toEqual([]);
    expect(saidOf({}, distributionOf)).toEqual([]);
  });

  test.each([
    ['a policy that only CloudFront knows', UNKNOWN],
    ['a behavior that caches nothing', DISABLED],
  ])('are left alone with %s', (_, distributionOf) => {
    expect(saidOf({ queryStrings: true }, distributionOf)).toEqual([]);
    expect(saidOf({ queryStrings: false }, distributionOf)).toEqual([]);
  });

  test('of behaviors that lead elsewhere do not count', () => {
    const mixed = (stack: Stack, bucket: Bucket) => {
      const distribution = OPTIMIZED(stack, bucket);
      distribution.addBehavior('/api/*', new HttpOrigin('example.com'), {
        cachePolicy: CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS,
      });
      return distribution;
    };
    expect(saidOf({ queryStrings: false }, mixed)).toEqual([]);
  });

  test('of one of several behaviors are enough to state them', () => {
    const mixed = (stack: Stack, bucket: Bucket) => {
      const distribution = OPTIMIZED(stack, bucket);
      distribution.addBehavior('/search/*', S3BucketOrigin.withOriginAccessControl(bucket), {
        cachePolicy: CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS,
      });
      return distribution;
    };
    expect(saidOf({ queryStrings: true }, mixed)).toEqual([]);
    expect(saidOf({ queryStrings: false }, mixed)[0]).toContain('cache key of the behavior /search/* (');
  });

  test('of another origin path than the one that is stated do not count', () => {
    const mixed = (stack: Stack, bucket: Bucket) => {
      const distribution = OPTIMIZED(stack, bucket);
      const origin = S3BucketOrigin.withOriginAccessControl(bucket, { originPath: '/found' });
      distribution.addBehavior('/search/*', origin, {
        cachePolicy: CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS,
      });
      return distribution;
    };
    expect(saidOf({ originPath: '', queryStrings: false }, mixed)).toEqual([]);
    expect(saidOf({ originPath: '/found', queryStrings: false }, mixed)).toHaveLength(1);
  });

  test('of a behavior of an origin group count', () => {
    const group = (stack: Stack, bucket: Bucket) =>
      new Distribution(stack, 'Distribution', {
        defaultBehavior: {
          origin: new OriginGroup({
            primaryOrigin: new HttpOrigin('example.com'),
            fallbackOrigin: S3BucketOrigin.withOriginAccessControl(bucket),
          }),
        },
      });
    expect(saidOf({ queryStrings: true }, group)).toHaveLength(1);
  });

  test('that are left out are a warning where the distribution has them and is not read', () => {
    expect(saidOf({ readDistribution: false }, ALL)[0]).toContain('queryStrings is left out, but');
    expect(saidOf({ readDistribution: false }, NONE)).toEqual([]);
  });
});

describe('the index document', () => {
  const rooted = (defaultRootObject?: string) => (stack: Stack, bucket: Bucket) =>
    site(stack, S3BucketOrigin.withOriginAccessControl(bucket), { defaultRootObject });
  const withFunction = (code: string) => (stack: Stack, bucket: Bucket) =>
    new Distribution(stack, 'Distribution', {
      defaultRootObject: 'home.html',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        functionAssociations: [
          {
            eventType: FunctionEventType.VIEWER_REQUEST,
            function: new CloudFrontFunction(stack, 'Folders', { code: FunctionCode.fromInline(code) }),
          },
        ],
      },
    });

  test.each([
    ['home.html', 'index.html'],
    ['none', 'index.html'],
  ])('%s against the root object %s is a warning', (indexDocument, rootObject) => {
    expect(saidOf({ indexDocument }, rooted(rootObject))).toEqual([
      `/Test/Invalidator: indexDocument is "${indexDocument}", but the default root object of the distribution Test/Distribution is "${rootObject}". "/" may stay stale: leave it out [ack: cloudfront-invalidator:indexDocument]`,
    ]);
  });

  test('where nothing answers folders is a warning', () => {
    expect(saidOf({ indexDocument: 'index.html' }, rooted())[0]).toContain(
      'indexDocument is "index.html", but the distribution Test/Distribution answers no URLs of folders',
    );
  });

  test('of a function that rewrites to another is a warning', () => {
    expect(saidOf({ indexDocument: 'index.html' }, withFunction("request.uri += 'home.html'"))).toHaveLength(1);
    expect(saidOf({ indexDocument: 'index.html' }, withFunction("request.uri += 'index.html'"))).toEqual([]);
  });

  test.each<[string, Options, (stack: Stack, bucket: Bucket) => IDistribution]>([
    ['the root object itself', { indexDocument: 'index.html' }, rooted('index.html')],
    ['the root object, in a folder', { indexDocument: 'index.html' }, rooted('en/index.html')],
    ['none without a root object', { indexDocument: 'none' }, rooted()],
    ['nothing', {}, rooted('home.html')],
    [
      'that of a website',
      { indexDocument: 'index.html' },
      (stack) => {
        const bucket = new Bucket(stack, 'Website', { websiteIndexDocument: 'index.html', publicReadAccess: false });
        return new Distribution(stack, 'Distribution', {
          defaultBehavior: { origin: new S3StaticWebsiteOrigin(bucket) },
          additionalBehaviors: {},
        });
      },
    ],
    [
      'a root object of another origin',
      { indexDocument: 'index.html' },
      (stack, bucket) =>
        site(stack, new HttpOrigin('example.com'), {
          defaultRootObject: 'app.html',
          additionalBehaviors: { '/docs/*': { origin: S3BucketOrigin.withOriginAccessControl(bucket) } },
        }),
    ],
    [
      'a root object that is known at deployment only',
      { indexDocument: 'index.html' },
      (stack, bucket) => rooted(Fn.importValue('Root'))(stack, bucket),
    ],
  ])('may be %s', (_, options, distributionOf) => {
    const stack = emptyStack();
    const own = new Bucket(stack, 'Bucket');
    const distribution = distributionOf(stack, own);
    const bucket = (stack.node.tryFindChild('Website') as Bucket | undefined) ?? own;
    invalidate(stack, bucket, distribution, options);
    expect(said(stack)).toEqual([]);
  });
});

test('a warning is there once, and can be acknowledged', () => {
  const contradicting = () => {
    const stack = emptyStack();
    const bucket = new Bucket(stack, 'Bucket');
    const distribution = site(stack, S3BucketOrigin.withOriginAccessControl(bucket), { defaultRootObject: 'a.html' });
    invalidate(stack, bucket, distribution, { indexDocument: 'b.html' });
    return stack;
  };
  const twice = contradicting();
  expect(said(twice)).toHaveLength(1);
  expect(said(twice)).toHaveLength(1);
  const acknowledged = contradicting();
  CdkAnnotations.of(acknowledged).acknowledgeWarning('cloudfront-invalidator:indexDocument');
  expect(said(acknowledged)).toEqual([]);
});

test('what an aspect changes is seen', () => {
  const stack = emptyStack();
  const bucket = new Bucket(stack, 'Bucket');
  const distribution = site(stack, S3BucketOrigin.withOriginAccessControl(bucket, { originPath: '/site' }));
  invalidate(stack, bucket, distribution, { originPath: '/other' });
  Aspects.of(stack).add({
    visit(node) {
      if (node instanceof CfnDistribution) {
        node.addPropertyOverride('DistributionConfig.Origins.0.OriginPath', '/other');
      }
    },
  });
  expect(said(stack)).toEqual([]);
});
