import { only, synthesized } from './templates';

const originsOf = (context: Record<string, string>) => {
  const { Environment } = only(synthesized(context), 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' }) as {
    Environment: { Variables: { ORIGINS: string } };
  };
  return JSON.parse(Environment.Variables.ORIGINS);
};

const attached = { bucketName: 'site-a', distributionId: 'E1AAAAAA' };

test('whether query strings count is told to the function, if it is stated', () => {
  expect(originsOf({ ...attached, queryStrings: 'true' })).toMatchObject([{ queryStrings: true }]);
  expect(originsOf({ ...attached, queryStrings: 'false' })).toMatchObject([{ queryStrings: false }]);
  expect(originsOf(attached)[0]).not.toHaveProperty('queryStrings');
});

test("the complete site's distribution then has them in its cache key", () => {
  const template = synthesized({ queryStrings: 'true' });
  const [id] = Object.keys(template.findResources('AWS::CloudFront::CachePolicy'));
  const { DistributionConfig } = only(template, 'AWS::CloudFront::Distribution') as {
    DistributionConfig: { DefaultCacheBehavior: { CachePolicyId: unknown } };
  };
  expect(DistributionConfig.DefaultCacheBehavior.CachePolicyId).toEqual({ Ref: id });
  template.hasResourceProperties('AWS::CloudFront::CachePolicy', {
    CachePolicyConfig: {
      ParametersInCacheKeyAndForwardedToOrigin: {
        QueryStringsConfig: { QueryStringBehavior: 'all' },
        HeadersConfig: { HeaderBehavior: 'none' },
        CookiesConfig: { CookieBehavior: 'none' },
      },
    },
  });
  synthesized({}).resourceCountIs('AWS::CloudFront::CachePolicy', 0);
});
