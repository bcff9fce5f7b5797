import { printable } from '../cli/printable';
import type { Finding } from './finding';

export interface Heading {
  /** Where it was measured. */
  readonly name: string;
  readonly date: Date;
}

/** A table in Markdown, so that it can go into a page as it is. */
export function tableOf({ name, date }: Heading, findings: readonly Finding[]): string {
  const rows = findings.map(({ question, answer, seen = '', kept }) => [
    question,
    kept === undefined ? answer : `${kept ? 'kept' : 'BROKEN'}: ${answer}`,
    seen,
  ]);
  const all = [['Question', 'Answer', 'Seen'], ...rows].map((row) => row.map(cell));
  const widths = [0, 1, 2].map((column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  const measured = `Measured on ${date.toISOString().slice(0, 10)}, ${name}.`;
  return [measured, '', line(head), rule, ...body.map(line), ''].join('\n');
}

function cell(text: string): string {
  return printable(text.replace(/\s+/g, ' ')).replaceAll('|', '\\|');
}

/** Whether no promise is broken. */
export function allKept(findings: readonly Finding[]): boolean {
  return findings.every(({ kept }) => kept !== false);
}
