import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whereUserStands } from '../../local/cli/where-user-stands';

let parent: string;
const at = (name: string) => join(parent, name);

beforeAll(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'where-')));
  for (const name of ['project/docs', 'elsewhere']) mkdirSync(at(name), { recursive: true });
  symlinkSync(at('project'), at('link'));
});

afterAll(() => rmSync(parent, { recursive: true }));

test.each([
  ['npm was started in a sub-folder', 'project/docs', 'project', 'project/docs'],
  ['npm was started elsewhere, with --prefix', 'elsewhere', 'project', 'elsewhere'],
  ['the project is behind a link', 'project/docs', 'link', 'project/docs'],
  ['it is another npm, further up, that was started', 'project', 'elsewhere', 'elsewhere'],
  ['that folder is gone', 'gone', 'project', 'project'],
])('where %s', (_, from, here, expected) => {
  expect(whereUserStands({ INIT_CWD: at(from) }, at(here), at('project'))).toBe(at(expected));
});

test('without npm it is where the process is', () => {
  expect(whereUserStands({}, at('project'), at('project'))).toBe(at('project'));
});
