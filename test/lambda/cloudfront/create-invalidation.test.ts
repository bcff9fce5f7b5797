import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { createInvalidation } from '../../../lambda/cloudfront/create-invalidation';

const request = { distribution: 'E1SITE', paths: ['/b', '/a'], messageIds: ['m1'] };
const answering = (answer: object) => ({ send: async () => answer }) as unknown as CloudFrontClient;

test.each([
  {},
  { Invalidation: {} },
  { Invalidation: { Id: '', Status: 'InProgress' } },
  { Invalidation: { Id: 'I1' } },
  { Invalidation: { Id: 'E1SITE', Status: 'Deployed' } },
])('the answer %j names no invalidation, so it is no acceptance', async (answer) => {
  const outcome = await createInvalidation(answering(answer), request, new AbortController().signal);
  expect(outcome).toMatchObject({
    kind: 'unexpected',
    message: 'CloudFront answered without naming an invalidation',
  });
});

test('an answer without a time of creation is accepted, and covers nothing later on', async () => {
  const outcome = await createInvalidation(
    answering({ Invalidation: { Id: 'I1', Status: 'InProgress' } }),
    request,
    new AbortController().signal,
  );
  expect(outcome).toMatchObject({ kind: 'accepted', invalidationId: 'I1', createTime: 0 });
});
