import { execFileSync } from 'node:child_process';

const TYPES = ['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'revert', 'style', 'test'];

/** https://www.conventionalcommits.org: a type, perhaps a scope, perhaps an exclamation mark, and what the commit does. */
const CONVENTIONAL = new RegExp(`^(${TYPES.join('|')})(\\([a-z0-9][a-z0-9-]*\\))?!?: \\S`);

/** Subjects are shorter, in characters. */
const LENGTH = 72;

/** What is wrong with a commit's subject, a sentence each. */
export function faultsOf(subject: string): string[] {
  const faults: string[] = [];
  if (!CONVENTIONAL.test(subject)) faults.push(`It does not begin with a type (${TYPES.join(', ')}) and a colon.`);
  const length = [...subject].length;
  if (length >= LENGTH) faults.push(`It has ${length} characters; ${LENGTH - 1} are the most.`);
  if (subject.endsWith('.')) faults.push('It ends with a full stop.');
  return faults;
}

/** `npm run commit-subjects -- BASE..HEAD`: examines the commits that are no merges. Exit code 1: one has a fault; 2: usage. */
if (require.main === module) {
  const [range = ''] = process.argv.slice(2);
  if (/^[^-].*\.\./.test(range)) {
    const log = execFileSync('git', ['log', '--no-merges', '--format=%h %s', range, '--'], { encoding: 'utf8' });
    for (const line of log.split('\n').filter((each) => each !== '')) {
      const [commit = ''] = line.split(' ', 1);
      const subject = line.slice(commit.length + 1);
      for (const fault of faultsOf(subject)) {
        console.error(`${commit} "${subject}": ${fault}`);
        process.exitCode = 1;
      }
    }
  } else {
    console.error('usage: npm run commit-subjects -- BASE..HEAD');
    process.exitCode = 2;
  }
}
