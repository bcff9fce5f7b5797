import { asBucket } from '../../../lambda/distribution/bucket-domain';

test.each<[string, string, string, { path: string; isWebsite: boolean; isCertain: boolean } | undefined]>([
  ['site.s3.eu-central-1.amazonaws.com', '', 'site', { path: '', isWebsite: false, isCertain: true }],
  ['site.s3.amazonaws.com', '/live', 'site', { path: '/live', isWebsite: false, isCertain: true }],
  ['site.s3.dualstack.eu-central-1.amazonaws.com', '', 'site', { path: '', isWebsite: false, isCertain: true }],
  ['site.s3-eu-west-1.amazonaws.com', '', 'site', { path: '', isWebsite: false, isCertain: true }],
  ['site.s3-accelerate.amazonaws.com', '', 'site', { path: '', isWebsite: false, isCertain: true }],
  ['site.s3-fips.us-gov-west-1.amazonaws.com', '', 'site', { path: '', isWebsite: false, isCertain: true }],
  ['site.s3.cn-north-1.amazonaws.com.cn', '', 'site', { path: '', isWebsite: false, isCertain: true }],
  ['site.s3-website-us-east-1.amazonaws.com', '', 'site', { path: '', isWebsite: true, isCertain: true }],
  ['site.s3-website.eu-central-1.amazonaws.com', '/live', 'site', { path: '/live', isWebsite: true, isCertain: true }],
  ['www.example.com.s3.amazonaws.com', '', 'www.example.com', { path: '', isWebsite: false, isCertain: true }],
  ['s3.eu-central-1.amazonaws.com', '/site/live', 'site', { path: '/live', isWebsite: false, isCertain: true }],
  ['s3.amazonaws.com', '/site', 'site', { path: '', isWebsite: false, isCertain: true }],
  ['s3.amazonaws.com', '/sites', 'site', undefined],
  ['www.example.com', '/live', 'www.example.com', { path: '/live', isWebsite: true, isCertain: true }],
  ['point-abc123-s3alias.s3.eu-west-1.amazonaws.com', '', 'site', { path: '', isWebsite: false, isCertain: false }],
  ['{{name}}.s3.eu-west-1.amazonaws.com', '', 'site', { path: '', isWebsite: false, isCertain: false }],
  ['{{name}}-site.s3.amazonaws.com', '/{{name}}', 'site', { path: '/{{name}}', isWebsite: false, isCertain: false }],
  ['site.s3.{{region}}.amazonaws.com', '', 'site', { path: '', isWebsite: false, isCertain: false }],
  ['{{name}}.s3-website.eu-west-1.amazonaws.com', '', 'site', { path: '', isWebsite: true, isCertain: false }],
  ['{{domain}}', '', 'site', { path: '', isWebsite: true, isCertain: false }],
  ['{{name}}.execute-api.eu-west-1.amazonaws.com', '', 'site', undefined],
  ['{{name}}.example.com', '', 'site', undefined],
  ['site2.s3.amazonaws.com', '', 'site', undefined],
  ['site.s3.amazonaws.com.evil.example', '', 'site', undefined],
  ['site.example.com', '', 'site', undefined],
  ['site.s3.b.s3.amazonaws.com', '', 'site', undefined],
  ['site.s3.b.s3.amazonaws.com', '', 'site.s3.b', { path: '', isWebsite: false, isCertain: true }],
])('%s%s and bucket %s', (domain, path, bucket, expected) => {
  expect(asBucket({ domain, path }, bucket)).toEqual(expected);
});
