import { printable } from '../printable';
import type { Question } from '../question';
import type { Diagnosis } from './diagnosis';

/** What a person reads in a minute. */
export function reportOf({ bucket, distribution, tenant }: Question, diagnosis: Diagnosis): string {
  const { stale, notes, options, behaviors, examples } = diagnosis;
  const sections = [
    [`Distribution ${distribution},${tenant === undefined ? '' : ` tenant ${tenant},`} bucket ${bucket}`],
    behaviorTable(behaviors),
    examples.length === 0 ? [] : table([['A change of', 'invalidates'], ...examples.map(exampleRow)]),
    list('Would go stale', stale, '✗'),
    list('Good to know', notes, '·'),
    [
      options.length > 0
        ? `Options that are needed: ${options.join('; ')}.`
        : tenant === undefined
          ? 'No option is needed: { bucket, distribution } is enough.'
          : 'No further option is needed.',
      stale.length > 0
        ? 'Something would go stale: see above.'
        : 'Nothing would go stale, as far as can be seen from here.',
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(printable).join('\n'))
    .join('\n\n')}\n`;
}

/** The behaviors of a distribution, in the order in which CloudFront tries them. */
export function behaviorTable(behaviors: Diagnosis['behaviors']): string[] {
  const rows = behaviors.map(({ pattern, origin, keys, cache }) => [pattern, origin, keys, cache]);
  return rows.length === 0 ? [] : table([['Viewer paths', 'come from', 'as keys', 'cached by'], ...rows]);
}

function exampleRow([key, paths]: Diagnosis['examples'][number]): string[] {
  return [key, paths.length > 0 ? paths.join('  ') : 'nothing: no behavior leads to it'];
}

function list(title: string, sentences: readonly string[], bullet: string): string[] {
  return sentences.length === 0 ? [] : [title, ...sentences.map((sentence) => `  ${bullet} ${sentence}.`)];
}

/** Columns as wide as what is in them. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
