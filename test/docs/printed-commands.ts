/** The commands of a page, from its blocks of the shell: a line each, with the lines that are indented after it. */
export function commandsOf(page: string): string[] {
  return blocksOf(page, 'sh')
    .map((block) => block.replaceAll('\\\n', ' '))
    .flatMap((block) => block.split(/\n(?!\s)/))
    .map((command) => command.replace(/\s+# .*/g, '').trim())
    .filter((command) => command !== '');
}

/** The scripts of the steps of its pipelines, from its blocks of YAML, but folded ones. */
export function pipelineScriptsOf(page: string): string[] {
  return blocksOf(page, 'yaml')
    .flatMap((block) => Array.from(block.matchAll(/^- run: (?:\|\n((?: {4}.*\n)+)|([^>|].*)\n)/gm)))
    .map(([, lines = '', line = '']) => (lines.replace(/^ {4}/gm, '') || line).trim());
}

/** What is between the fences, without the indentation of a list. */
function blocksOf(page: string, language: string): string[] {
  const fenced = page.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\``, 'gms'));
  return Array.from(fenced, ([, indentation = '', block = '']) =>
    block
      .split('\n')
      .map((line) => (line.startsWith(indentation) ? line.slice(indentation.length) : line))
      .join('\n'),
  );
}
