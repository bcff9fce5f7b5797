import { jsii } from '../../package.json';
import { PAGES } from './pages';
import { commandsOf } from './printed-commands';

const PAGE = PAGES.get('docs/languages.md') ?? '';
const { python, java, dotnet, go } = jsii.targets;

/** In the sources, the Go module is a folder that is named for the npm package, in the repository of the module. */
const GO_MODULE = `${go.moduleName}/cloudfrontinvalidator`;

test('the names of the packages are those that they are made with', () => {
  const rows = Array.from(
    PAGE.matchAll(/^\| (Python|Java|\.NET|Go) \| `(.*?)` \| (.*?) \|$/gm),
    ([, ...cells]) => cells,
  );
  expect(rows).toEqual([
    ['Python', python.distName, `\`${python.module}\``],
    ['Java', `${java.maven.groupId}:${java.maven.artifactId}`, `\`${java.package}\``],
    ['.NET', dotnet.packageId, `\`${dotnet.namespace}\``],
    ['Go', GO_MODULE, 'the same'],
  ]);
});

test('each is installed from where it is made', () => {
  const folders = commandsOf(PAGE).flatMap((command) => command.match(/\.\.\/cloudfront-invalidator\/\S+/)?.[0] ?? []);
  expect(folders).toEqual(
    ['python', 'java', `dotnet/${dotnet.packageId}`, 'go/cloudfrontinvalidator'].map(
      (folder) => `../cloudfront-invalidator/${jsii.outdir}/${folder}`,
    ),
  );
  expect(PAGE).toContain(`-replace ${GO_MODULE}=`);
});
