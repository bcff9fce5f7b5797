import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShippedPackage } from './licences';

/** The file in the package that has the notices. */
export const NOTICES = 'THIRD-PARTY-NOTICES.txt';

/**
 * What the licences of bundled packages want to be kept with their code: who wrote it, and the licence's text. A text that
 * several packages share is there once.
 *
 * @throws if there is no text of a package's licence
 */
export function notices(packages: readonly ShippedPackage[]): string {
  const byText = new Map<string, Set<string>>();
  for (const each of packages) {
    const text = textsOf(each);
    const names = byText.get(text) ?? new Set();
    byText.set(text, names.add(`${each.name}@${each.version} (${each.licence})`));
  }
  const sections = Array.from(byText, ([text, names]) => `${[...names].sort().join('\n')}\n\n${text}\n`);
  return [HEADING, ...sections.sort()].join(`\n${'-'.repeat(80)}\n\n`);
}

const HEADING = `The function's bundle and the command contain code of these packages, under these licences.
`;

/** Also the notice that the Apache licence wants to be passed on. */
const KEPT = /^(licen[cs]e|copying|notice)/i;

function textsOf({ name, licence, root }: ShippedPackage): string {
  const own = readdirSync(root)
    .filter((file) => KEPT.test(file))
    .sort()
    .map((file) => join(root, file));
  const standard = join(__dirname, 'licence-texts', `${licence}.txt`);
  const files = own.length > 0 ? own : [standard].filter(existsSync);
  if (files.length === 0) throw new Error(`${name} has no text of its licence, and none of ${licence} is at hand.`);
  return files.map((file) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim()).join('\n\n');
}
