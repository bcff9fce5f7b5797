import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { jsii } from '../package.json';
import { runJsii } from './jsii';

const PROJECT = join(__dirname, '..');

/**
 * Makes the packages for Python, Java, .NET and Go out of a built npm package, a folder for each language.
 *
 * @param from the npm package's folder, with the peers where Node finds them
 * @param codeOnly the sources alone, which takes nothing but Node. Otherwise each language's own tools build what is published
 * @throws an Error with what jsii-pacmak reports
 */
export function makeLanguagePackages(from: string, to: string, codeOnly: boolean): void {
  // The README's snippets become those of the language.
  const options = ['--outdir', to, '--rosetta-unknown-snippets', 'translate', ...(codeOnly ? ['--code-only'] : [])];
  // What is there has been built: npm must not build it again.
  runJsii('jsii-pacmak', [...options, '--pack-command', 'npm pack --ignore-scripts --silent'], from);
}

if (require.main === module) {
  const { values } = parseArgs({
    options: { from: { type: 'string', default: PROJECT }, 'code-only': { type: 'boolean', default: false } },
  });
  const to = join(PROJECT, jsii.outdir);
  try {
    makeLanguagePackages(values.from, to, values['code-only']);
    console.log(`Python, Java, .NET and Go: ${to}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    if (!values['code-only'])
      console.error(
        'Building needs the tools of each language: pip, mvn, dotnet and go. --code-only makes the sources alone.',
      );
    process.exitCode = 1;
  }
}
