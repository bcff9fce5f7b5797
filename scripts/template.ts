import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsIn } from './template/check';
import { inlineCode } from './template/inline-code';
import { makeTemplate } from './template/template';

const FILE = join(__dirname, '../dist/cloudfront-invalidator.template.json');

mkdirSync(join(FILE, '..'), { recursive: true });
// A line for each thing; what is in the function's code makes up most of it.
const text = `${JSON.stringify(makeTemplate(inlineCode()), null, 1)}\n`;
const faults = faultsIn(text);
if (faults.length > 0) throw new Error(faults.join('\n'));
writeFileSync(FILE, text);
console.log(`${FILE}: ${Buffer.byteLength(text).toLocaleString('en')} bytes`);
