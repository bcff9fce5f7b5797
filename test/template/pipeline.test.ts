import type { Template } from '../../local/template/intrinsics';
import { inlineCode } from '../../scripts/template/inline-code';
import { makeTemplate } from '../../scripts/template/template';
import { testPipeline } from '../local/pipeline';

jest.setTimeout(60_000);

let template: Template;

beforeAll(() => {
  template = makeTemplate(inlineCode()) as unknown as Template;
});

const parameters = {
  BucketName: 'site-bucket',
  DistributionId: 'E123EXAMPLE',
  MaxBatchingWindow: '1',
  RefetchesPerPath: '0.001',
  InspectBucket: 'false',
};

describe.each([
  ['notifications', parameters],
  ['EventBridge', { ...parameters, Events: 'eventbridge' }],
])('of the template alone, by %s', (_, each) => testPipeline(() => ({ template: { template, parameters: each } })));
