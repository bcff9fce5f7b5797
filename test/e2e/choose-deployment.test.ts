import { readArguments } from '../../e2e/arguments';
import { chooseDeployment } from '../../e2e/choose-deployment';

const ACCOUNT = {
  id: '123456789012',
  region: 'eu-west-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

async function chosen(args: readonly string[]) {
  const said: string[] = [];
  const deployment = await chooseDeployment(
    readArguments(args),
    async () => ACCOUNT,
    (sentence) => said.push(sentence),
  );
  return { name: deployment?.name, said: said.join('\n') };
}

test('without a yes it says where and for how much, and deploys nothing', async () => {
  const { name, said } = await chosen([]);
  expect(name).toBeUndefined();
  expect(said).toMatch(/Account 123456789012, eu-west-1: deploys stack CloudFrontInvalidatorE2e, .*under 15 minutes/);
  expect(said).toMatch(/at most 200 paths invalidated: \$1\.00[\s\S]*add --yes/);
});

test('with a yes it says so, too', async () => {
  const { name, said } = await chosen(['--yes', '--windows', '--max-paths', '400']);
  expect(name).toBe('on AWS in eu-west-1');
  expect(said).toMatch(/under 25 minutes[\s\S]*at most 400 paths invalidated: \$2\.00/);
  expect(said).not.toContain('--yes');
});

test('the local servers need no account, and cost nothing', async () => {
  expect(await chosen(['--local'])).toEqual({ name: 'against the local servers', said: '' });
});
