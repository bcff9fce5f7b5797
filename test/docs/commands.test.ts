import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PAGES } from './pages';
import { commandsOf } from './printed-commands';

const PROJECT = join(__dirname, '../..');
const everything = [...PAGES.values()].join('\n');
const { scripts, version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));

/** The commands of all pages, and the tests that run them: a command without one is found here. */
const RUN_BY: Readonly<Record<string, string>> = {
  'npm run doctor -- --bucket site-bucket --distribution E123EXAMPLE': 'test/cli/doctor.test.ts',
  "npx cloudfront-invalidator request --queue-url QUEUE_URL --distribution E123EXAMPLE --path '/news/*' --tag product:7":
    'test/cli/request.test.ts',
  'npx cloudfront-invalidator verify --bucket site-bucket --distribution E123EXAMPLE --since 10m --wait 5m':
    'test/cli/verify/verify.test.ts',
  'npm ci && npm start': 'test/local/once.test.ts',
  'npm start': 'test/local/once.test.ts',
  'npx cdk deploy': 'test/bin/synth.test.ts',
  'npx cdk deploy -c bucketName=site-bucket -c distributionId=E123EXAMPLE -c dryRun=true': 'test/lib/dry-run.test.ts',
  'npm pack': 'test/package/package.test.ts',
  [`npm install ../cloudfront-invalidator/cloudfront-invalidator-${version}.tgz`]: 'test/package/package.test.ts',
  "printf 'docs/a.html\\ndocs/b.html\\n' | npm run --silent plan": 'test/docs/commands.test.ts',
  'npm run --silent plan -- --objects objects.txt < changed.txt': 'test/cli/plan.test.ts',
  'mkdir traces && npm run trace -- ../my-site --out traces/my-site.jsonl.gz': 'test/bench/trace.test.ts',
  'npm run bench -- planner traces': 'test/bench/trace.test.ts',
  'npm run build': 'test/package/package.test.ts',
  'npm run template': 'test/package/package.test.ts',
  'npm run languages -- --code-only': 'test/package/languages.ts',
  'npm run api-reference': 'test/docs/api.test.ts',
  'npm run commit-subjects -- origin/main..HEAD': 'test/scripts/commit-subjects.test.ts',
  'npm run licences': 'test/scripts/licences.test.ts',
  'npm run e2e': 'test/e2e/command.test.ts',
  'npm run e2e -- --yes': 'test/e2e/command.test.ts',
  'npm run e2e -- --local': 'test/e2e/command.test.ts',
  'PACKAGE_NODES="20 22 24" npx jest test/package': 'test/package/package.test.ts',
};

/** What runs the tests, changes the project or asks an AWS account is run by people alone. */
const BY_HAND = [
  'npm ci',
  'npm ci && npm test',
  'npm test',
  'npm run format',
  'npm run long',
  'npm run screenshot',
  'pip install ../cloudfront-invalidator/dist/languages/python',
  'mvn --file ../cloudfront-invalidator/dist/languages/java install',
  'dotnet add reference ../cloudfront-invalidator/dist/languages/dotnet/CloudFrontInvalidator',
  'go mod edit -replace github.com/cloudfront-invalidator/cloudfront-invalidator-go/cloudfrontinvalidator=../cloudfront-invalidator/dist/languages/go/cloudfrontinvalidator',
  'go mod tidy',
  'sam deploy --guided --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND',
];

test('every command is run by a test that exists', () => {
  const all = new Set([...PAGES.values()].flatMap(commandsOf));
  // Those are test/docs/aws-cli.test.ts's.
  const commands = [...all].filter((command) => !command.startsWith('aws '));
  expect(commands.length).toBeGreaterThan(10);
  expect(commands.filter((command) => !(command in RUN_BY) && !BY_HAND.includes(command))).toEqual([]);
  expect(Object.keys(RUN_BY).filter((command) => !commands.includes(command))).toEqual([]);
  expect(Object.values(RUN_BY).filter((file) => !existsSync(join(PROJECT, file)))).toEqual([]);
});

test('the plan of the page on costs is made', () => {
  const command =
    commandsOf(PAGES.get('docs/costs.md') ?? '').find((each) => each.includes('npm run --silent plan')) ?? '';
  const { status, stdout } = spawnSync('sh', ['-c', command], { cwd: PROJECT, encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, '/docs/a.html\n/docs/b.html\n']);
}, 60_000);

test('every npm script that is named exists', () => {
  const named = Array.from(everything.matchAll(/\bnpm run (?:--silent )?([\w-]+)/g), ([, name = '']) => name);
  expect(named.length).toBeGreaterThan(10);
  for (const name of named) expect(scripts).toHaveProperty([name]);
});

test('every test that is named exists', () => {
  const patterns = Array.from(everything.matchAll(/(?:npx jest|npm run long --) ([^`\n]*)/g), ([, all = '']) => all)
    .flatMap((all) => all.replace(/ (-t|#) .*/, '').split(' '))
    .filter((pattern) => pattern !== '');
  expect(patterns.length).toBeGreaterThan(20);
  const files = readdirSync(join(PROJECT, 'test'), { recursive: true, encoding: 'utf8' }).map((file) => `test/${file}`);
  const tests = files.filter((file) => file.endsWith('.test.ts'));
  expect(patterns.filter((pattern) => !tests.some((file) => file.includes(pattern)))).toEqual([]);
});

test.each([...PAGES.keys()])('every file that %s links exists', (page) => {
  const links = Array.from((PAGES.get(page) ?? '').matchAll(/\]\(([^):#]+)[^):]*\)/g), ([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(PROJECT, dirname(page), link)))).toEqual([]);
});
