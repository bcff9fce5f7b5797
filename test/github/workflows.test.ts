import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { engines, scripts, version } from '../../package.json';
import { PROJECT, readYaml, type Step, type Workflow } from './yaml';

const FOLDER = '.github/workflows';
const files = readdirSync(join(PROJECT, FOLDER)).map((name) => `${FOLDER}/${name}`);
const workflows = new Map(files.map((file) => [file, readYaml<Workflow>(file)]));
const ci = readYaml<Workflow>(`${FOLDER}/ci.yml`);
const release = readYaml<Workflow>(`${FOLDER}/release.yml`);

const jobsOf = (workflow: Workflow) => Object.entries(workflow.jobs);
const commandsOf = (steps: readonly Step[] = []) => steps.flatMap(({ run }) => run ?? []).join('\n');

test('three workflows: tests, the release pull request, the release', () => {
  expect(files.map((file) => file.replace(`${FOLDER}/`, '')).sort()).toEqual([
    'ci.yml',
    'release-please.yml',
    'release.yml',
  ]);
});

describe.each(files)('%s', (file) => {
  const workflow = readYaml<Workflow>(file);
  const text = readFileSync(join(PROJECT, file), 'utf8');

  test('pins each action to a commit, and says which version that is', () => {
    const lines = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
    const used = jobsOf(workflow).flatMap(([, { steps }]) => steps.flatMap(({ uses }) => uses ?? []));
    expect(lines).toHaveLength(used.length);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('gives no job more than it names, and no job has for ever', () => {
    expect(workflow.permissions).toEqual({});
    for (const [, job] of jobsOf(workflow)) {
      expect(job.permissions).toBeDefined();
      expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
    }
  });

  test('leaves no token in a checkout', () => {
    const checkouts = jobsOf(workflow).flatMap(([, { steps }]) =>
      steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')),
    );
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
  });

  test('puts nothing from outside into a command, and runs npm scripts that exist', () => {
    for (const [, { steps }] of jobsOf(workflow)) {
      expect(commandsOf(steps)).not.toContain('${{');
      for (const [, name = ''] of commandsOf(steps).matchAll(/npm run (?:--silent )?(?!--)([\w-]+)/g))
        expect(scripts).toHaveProperty([name]);
    }
  });
});

test('an action has the same commit everywhere', () => {
  const used = [...workflows.values()].flatMap((workflow) =>
    jobsOf(workflow).flatMap(([, { steps }]) => steps.flatMap(({ uses }) => uses ?? [])),
  );
  const names = new Set([...used].map((uses) => uses.split('@')[0]));
  expect(new Set(used).size).toBe(names.size);
});

describe('CI', () => {
  test("runs the README's command once, on the function's Node", () => {
    const running = jobsOf(ci).filter(([, { steps }]) => commandsOf(steps).includes('npm test'));
    expect(running.map(([name]) => name)).toEqual(['test']);
    const { test } = ci.jobs;
    expect(commandsOf(test?.steps)).toBe('npm ci && npm test');
    expect(test?.strategy).toBeUndefined();
    expect(test?.steps.flatMap((step) => step.with?.['node-version'] ?? [])).toEqual([24]);
  });

  test('and the package on the other Nodes, the oldest that it is for among them', () => {
    const job = ci.jobs.package;
    expect(commandsOf(job?.steps)).toContain('npx jest test/package');
    const nodes = job?.strategy?.matrix.node.map(String) ?? [];
    expect(nodes).toContain(`${engines.node.replace('>=', '')}.0`);
    expect(nodes.map((node) => node.split('.')[0])).toEqual(['20', '22']);
  });

  test('and reads the subjects of the commits of a pull request', () => {
    expect(ci.on).toHaveProperty('pull_request');
    expect(commandsOf(ci.jobs.commits?.steps)).toContain('npm run --silent commit-subjects -- "$BASE..$HEAD"');
    expect(ci.jobs.commits?.steps[0]?.with).toMatchObject({ 'fetch-depth': 0 });
  });
});

describe('the release', () => {
  test('comes of a tag, and nothing leaves before the tests have passed', () => {
    expect(release.on).toEqual({ push: { tags: ['v*'] }, workflow_dispatch: null });
    expect(commandsOf(release.jobs.test?.steps)).toContain('npm ci && npm test');
    const needs = Object.fromEntries(jobsOf(release).map(([name, job]) => [name, [job.needs ?? []].flat()]));
    expect(needs).toEqual({
      test: [],
      pack: ['test'],
      languages: ['pack'],
      npm: ['pack'],
      artefacts: ['pack', 'npm'],
      'language-artefacts': ['languages', 'artefacts'],
    });
  });

  test('lets only the job that publishes prove who it is, and that job runs nothing of the project', () => {
    const granted = (right: string, level: string) =>
      jobsOf(release).flatMap(([name, { permissions }]) => (permissions[right] === level ? name : []));
    expect(granted('id-token', 'write')).toEqual(['npm']);
    expect(granted('contents', 'write')).toEqual(['artefacts', 'language-artefacts']);
    for (const name of ['artefacts', 'language-artefacts'])
      expect(release.jobs[name]?.steps.some(({ uses }) => uses?.includes('checkout'))).toBe(false);
    expect(commandsOf(release.jobs.npm?.steps)).toBe('npm publish ./out/npm/*.tgz --provenance --access public');
    expect(release.jobs.npm?.steps.some(({ uses }) => uses?.includes('checkout'))).toBe(false);
    const others = [...workflows].filter(([file]) => !file.endsWith('/release.yml'));
    for (const [, workflow] of others)
      for (const [, { permissions }] of jobsOf(workflow)) expect(permissions).not.toHaveProperty('id-token');
  });

  test('is started for the tag of a merged release pull request', () => {
    const { 'start-release': start } = readYaml<Workflow>(`${FOLDER}/release-please.yml`).jobs;
    expect(commandsOf(start?.steps)).toBe('gh workflow run release.yml --ref "$TAG"');
  });
});

test('npm makes the template, too, when it packs', () => {
  expect(scripts.prepack).toBe('npm run build && npm run template');
});

describe('the commands of the release', () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'release-'));
    const manifest = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  });
  afterEach(() => rmSync(project, { recursive: true }));

  function runStep(job: string, name: string, env: Readonly<Record<string, string>>): void {
    const step = release.jobs[job]?.steps.find((each) => each.name === name);
    if (step?.run === undefined) throw new Error(`${job} has no step "${name}"`);
    execFileSync('bash', ['-e', '-c', step.run], { cwd: project, env: { ...process.env, ...env }, stdio: 'pipe' });
  }

  test('take a tag that is the version, and no other', () => {
    const check = (ref: string) => runStep('test', 'The tag is the version', { GITHUB_REF: ref });
    expect(() => check(`refs/tags/v${version}`)).not.toThrow();
    expect(() => check(`refs/tags/v${version}1`)).toThrow();
    expect(() => check(`refs/heads/v${version}`)).toThrow();
  });

  // GitHub's runners have it.
  const zip = spawnSync('zip', ['-v']).status === 0 ? test : test.skip;
  zip(
    'gather what the release page offers: the template, the function, the notices, and the checksums of these',
    () => {
      mkdirSync(join(project, 'dist/function'), { recursive: true });
      mkdirSync(join(project, 'out/release'), { recursive: true });
      writeFileSync(join(project, 'dist/THIRD-PARTY-NOTICES.txt'), 'Theirs');
      writeFileSync(join(project, 'dist/function/index.js'), '// the function');
      writeFileSync(join(project, 'dist/cloudfront-invalidator.template.json'), '{}');
      runStep('pack', 'The template, the function as a zip, and the notices of what is in them', {});
      const folder = join(project, 'out/release');
      const offered = [
        'THIRD-PARTY-NOTICES.txt',
        'cloudfront-invalidator-function.zip',
        'cloudfront-invalidator.template.json',
      ];
      expect(readdirSync(folder).sort()).toEqual(['SHA256SUMS', ...offered]);
      expect(readFileSync(join(folder, 'cloudfront-invalidator-function.zip'), 'latin1')).toContain('index.js');
      const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n');
      expect(sums.map((line) => line.replace(/^[0-9a-f]{64} {2}/, '')).sort()).toEqual(offered);
    },
  );

  test('offer the packages of the other languages, too', () => {
    const made = ['python/a.whl', 'python/a.tar.gz', 'java/a.jar', 'dotnet/a.nupkg', 'go/a/go.mod'];
    for (const file of made) {
      mkdirSync(join(project, 'dist/languages', dirname(file)), { recursive: true });
      writeFileSync(join(project, 'dist/languages', file), '');
    }
    mkdirSync(join(project, 'out/npm'), { recursive: true });
    mkdirSync(join(project, 'package'));
    writeFileSync(join(project, 'package/package.json'), '{}');
    execFileSync('tar', ['-czf', 'out/npm/a.tgz', 'package'], { cwd: project });
    // What is run with the released package.
    mkdirSync(join(project, 'bin'));
    writeFileSync(join(project, 'bin/npx'), '#!/bin/sh\necho "$@" >> ran; cat "$4/package.json" >> ran\n', {
      mode: 0o755,
    });
    runStep('languages', 'The packages for Python, Java, .NET and Go', {
      PATH: `${join(project, 'bin')}:${process.env.PATH}`,
    });
    expect(readFileSync(join(project, 'ran'), 'utf8')).toBe(
      'tsx scripts/languages.ts --from node_modules/.released/package\n{}',
    );
    const archives = ['java', 'dotnet', 'go'].map((language) => `cloudfront-invalidator-${language}.tar.gz`);
    const folder = join(project, 'out/languages');
    expect(readdirSync(folder).sort()).toEqual(['a.tar.gz', 'a.whl', ...archives].sort());
    const go = execFileSync('tar', ['-tf', join(folder, 'cloudfront-invalidator-go.tar.gz')]);
    expect(String(go)).toContain('go/a/go.mod');
  });

  test('say in the package which repository it comes from, as npm wants for its provenance', () => {
    const env = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'owner/name' };
    runStep('pack', 'The package says where it comes from', env);
    expect(JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))).toMatchObject({
      repository: { type: 'git', url: 'git+https://github.com/owner/name.git' },
      homepage: 'https://github.com/owner/name#readme',
      bugs: { url: 'https://github.com/owner/name/issues' },
      jsii: { targets: { go: { moduleName: 'github.com/owner/name-go' } } },
      version,
    });
  });
});
