import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CREDENTIALS } from '../cli/command';
import { COMPLETION, type Sites, startSites } from '../cli/verify/site';
import { nodes } from './nodes';

/**
 * The tests of the published command: in a folder that holds nothing but the content of the tarball.
 *
 * @param tarballOf the tarball, once the tests run
 */
export function testCommand(tarballOf: () => string): void {
  const folder = mkdtempSync(join(tmpdir(), 'command-'));
  let manifest: { readonly bin: Record<string, string>; readonly dependencies?: object };
  let sites: Sites;
  let sqs: SQSClient;

  beforeAll(async () => {
    execFileSync('tar', ['-xzf', tarballOf(), '-C', folder]);
    manifest = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'));
    sites = await startSites();
    const credentials = {
      accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
      secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    };
    sqs = new SQSClient({ region: 'us-east-1', credentials, endpoint: sites.s3Url });
    await sqs.send(new CreateQueueCommand({ QueueName: 'invalidator' }));
  });

  afterAll(async () => {
    sqs.destroy();
    await sites.close();
    rmSync(folder, { recursive: true });
  });

  test('the package names the command, and still depends on nothing', () => {
    expect(Object.keys(manifest.bin)).toEqual(['cloudfront-invalidator']);
    expect(manifest.dependencies).toBeUndefined();
    const file = join(folder, 'package', manifest.bin['cloudfront-invalidator'] ?? '');
    expect(readFileSync(file, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(readdirSync(dirname(file))).toEqual(['main.js']);
    expect(statSync(file).size).toBeLessThan(1_500_000);
  });

  describe.each(nodes())('in an empty folder, on Node %s,', (_, node) => {
    async function command(args: readonly string[], input = '') {
      const file = join(folder, 'package', manifest.bin['cloudfront-invalidator'] ?? '');
      // Of the path, git alone is needed, by trace.
      const env = { ...CREDENTIALS, PATH: '/usr/bin:/bin', HOME: folder };
      const running = promisify(execFile)(node, [file, ...args], { cwd: folder, env });
      running.child.stdin?.end(input);
      return running.then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        (error: { code: number; stdout: string; stderr: string }) => error,
      );
    }

    test.each(['plan', 'doctor', 'verify', 'request', 'trace'])('%s has help', async (name) => {
      const { code, stdout } = await command([name, '--help']);
      expect([code, stdout]).toEqual([0, expect.stringContaining(`usage: cloudfront-invalidator ${name} `)]);
    });

    test('plan plans', async () => {
      const { code, stdout } = await command(['plan', '--exclude', 'assets/**'], 'docs/a.html\nassets/b.js\n');
      expect([code, stdout]).toEqual([0, '/docs/a.html\n']);
    });

    test('doctor examines, and verify verifies', async () => {
      const site = await sites.site();
      await site.put('docs/a.html');
      const asked = ['--bucket', site.bucket, '--distribution', site.distribution, ...sites.urls];
      const examined = await command(['doctor', ...asked]);
      // Nor does the SDK warn of the age of Node 20.
      expect(examined).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringContaining('Nothing would go stale'),
      });
      expect((await command(['verify', ...asked, '--since', '1h'])).code).toBe(1);
      sites.later(60_000);
      await site.invalidate('/docs/*');
      sites.later(COMPLETION);
      const verified = await command(['verify', ...asked, '--since', '1h']);
      expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining(': 1 fresh.\n') });
      expect(verified.stderr).not.toContain('Warning');
    });

    test('request sends a message', async () => {
      const QueueUrl = `${sites.s3Url}/000000000000/invalidator`;
      const asked = ['--queue-url', QueueUrl, '--distribution', 'E123EXAMPLE', '--path', '/a', '--tag', 'b'];
      expect(await command(['request', ...asked])).toMatchObject({ code: 0, stderr: '' });
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
      const invalidate = { distribution: 'E123EXAMPLE', paths: ['/a'], tags: ['b'] };
      expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toEqual([{ invalidate }]);
    });

    test('trace traces', async () => {
      const repo = mkdtempSync(join(folder, 'repo-'));
      const git = (...args: string[]) =>
        execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-C', repo, ...args], {
          stdio: 'ignore',
        });
      git('init');
      for (const content of ['one', 'two']) {
        writeFileSync(join(repo, 'index.html'), content);
        git('add', '--all');
        git('commit', '--message', content);
      }
      const { code, stdout } = await command(['trace', repo, '--out', join(repo, 'a.jsonl.gz')]);
      expect([code, stdout]).toEqual([0, `${join(repo, 'a.jsonl.gz')}: 1 deploy, 1 object at the end\n`]);
    });
  });
}
