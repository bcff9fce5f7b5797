import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments, usage } from '../../cli/verify/arguments';

const PAGE = readFileSync(join(__dirname, '../../docs/verify.md'), 'utf8');

function optionsIn(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(/--[a-z][a-z0-9-]+/g), ([option]) => option))].sort();
}

test('the page and the help tell of the same options', () => {
  const table = /^## Options\n(.*?)^## /ms.exec(PAGE)?.[1] ?? '';
  const help = optionsIn(usage).filter((option) => option !== '--help');
  expect(help.length).toBeGreaterThan(10);
  expect([...optionsIn(table), '--bucket', '--distribution'].sort()).toEqual(help);
});

test('the page and the help tell of the same permissions', () => {
  const permissions = (text: string) => [...new Set(text.match(/\b(cloudfront|s3):[A-Z]\w+/g))].sort();
  expect(permissions(usage)).toHaveLength(5);
  expect(permissions(PAGE)).toEqual(permissions(usage));
});

test('the command of each example is understood', () => {
  const commands = Array.from(
    PAGE.replaceAll(/\n {4}--/g, ' --').matchAll(/npx cloudfront-invalidator verify (.*)/g),
    ([, args = '']) => args.replace('deleted.txt', '/dev/null').split(' '),
  );
  expect(commands).toHaveLength(2);
  for (const args of commands) expect(readArguments(args)).toMatchObject({ bucket: 'site-bucket', wait: 300_000 });
});

test('what the AWS CLI deletes becomes the keys', () => {
  const [script = ''] = /sed -n '[^']*'/.exec(PAGE) ?? [];
  const log = 'upload: site/a.html to s3://site-bucket/a.html\ndelete: s3://site-bucket/docs/a b.html\n';
  expect(execFileSync('sh', ['-c', script], { input: log, encoding: 'utf8' })).toBe('docs/a b.html\n');
});
