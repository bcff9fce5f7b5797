import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type LocalStack, startLocalStack } from '../../local/local-stack';
import { eventually } from './eventually';

jest.setTimeout(60_000);

let stack: LocalStack | undefined;
afterEach(() => stack?.close());

test('in a dry run the log says what would be invalidated; nothing is, and nothing is retried', async () => {
  const returned: unknown[] = [];
  stack = await startLocalStack({
    context: { maxBatchingWindow: '1', dryRun: 'true' },
    onEvent: (event) => event.kind === 'processed' && returned.push(...event.returned),
  });
  const { s3, site, logs, cloudFront, edge } = stack;
  const put = (body: string) => s3.send(new PutObjectCommand({ Bucket: site.bucket, Key: 'a.html', Body: body }));
  const view = async () => (await fetch(`${edge.url}/a.html`)).text();
  await put('old');
  expect(await view()).toBe('old');
  await put('new');
  await eventually(
    () =>
      logs.reduce((sum, { fields: { message, messageCount } }) => {
        if (message === 'Already covered') return sum + 1;
        return message === 'Dry run' ? sum + Number(messageCount) : sum;
      }, 0),
    (uploads) => uploads >= 2,
  );
  const lines = logs.filter(({ fields }) => fields.message === 'Dry run');
  expect(lines[0]?.fields).toMatchObject({ paths: ['/a.html'], pathCount: 1, dollars: 0.005 });
  expect(cloudFront.calls).toEqual([]);
  expect(returned).toEqual([]);
  expect(await view()).toBe('old');
});
