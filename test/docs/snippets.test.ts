import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from './pages';

const PROJECT = join(__dirname, '../..');

/** What the pages take for granted. The README's own snippets are compiled with the package. */
const PRELUDE = `
import { Stack } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { type CfnAlarm, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { ChangeEvents, CloudFrontInvalidator } from '../../lib';

declare const bucket: IBucket;
declare const distribution: IDistribution;
declare const cms: IFunction;
declare const warm: IFunction;
declare const pager: ITopic;
`;

const snippets = [...PAGES].flatMap(([page, text]) =>
  Array.from(text.matchAll(/^```ts\n(.*?)^```/gms), ([, code = '']) => ({ page, code })).filter(
    ({ page, code }) => page.startsWith('docs/') && page !== 'docs/api.md' && !code.includes('@pulumi'),
  ),
);

/** Statements of a stack's constructor; some pages show the options alone. */
function statements(code: string): string {
  const isOptions = /^origins:/.test(code);
  return isOptions ? `new CloudFrontInvalidator(this, 'Invalidator', {\n${code}\n});` : code;
}

test('the snippets of the pages compile', () => {
  expect(snippets.length).toBeGreaterThan(6);
  const classes = snippets.map(
    ({ page, code }, at) =>
      `// ${page}\nexport class Stack${at} extends Stack {\n  shown() {\n${statements(code)}\n  }\n}\n`,
  );
  const folder = mkdtempSync(join(PROJECT, 'node_modules/.snippets-'));
  try {
    writeFileSync(join(folder, 'snippets.ts'), PRELUDE + classes.join('\n'));
    const compilerOptions = { noUnusedLocals: false };
    const project = { extends: '../../tsconfig.json', compilerOptions, include: ['snippets.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project));
    const tsc = join(PROJECT, 'node_modules/.bin/tsc');
    const { stdout } = spawnSync(tsc, ['--project', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
