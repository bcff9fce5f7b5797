import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { only, synthesized } from '../lib/templates';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const template = synthesized();

test('the receives of the README are those of the template, and last as long as it says', () => {
  const { VisibilityTimeout, RedrivePolicy } = only(template, 'AWS::SQS::Queue', { RedrivePolicy: Match.anyValue() });
  const { maxReceiveCount } = RedrivePolicy as { maxReceiveCount: number };
  const hours = (maxReceiveCount * (VisibilityTimeout as number)) / 3600;
  expect(README).toContain(`${maxReceiveCount} receives with the default window, about nine hours`);
  expect(Math.round(hours)).toBe(9);
  expect(README).toContain('an outage of six hours spends about two thirds of them');
  expect(6 / hours).toBeCloseTo(2 / 3, 1);
});

test('the memory of the README is that of the template', () => {
  const { MemorySize } = only(template, 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' });
  expect(README).toContain(`[${(MemorySize as number).toLocaleString('en')} MB]`);
});

test('what the README asks of the outputs is among them', () => {
  const outputs = Object.keys(template.findOutputs('*'));
  const asked = Array.from(README.matchAll(/\b[A-Z]+(?:_[A-Z]+)*_(?:NAME|ID)\b/g), ([name]) => name);
  expect(asked.length).toBeGreaterThan(2);
  const nameOf = (placeholder: string) =>
    placeholder.replace(/([A-Z])([A-Z]*)_?/g, (_, first: string, rest: string) => first + rest.toLowerCase());
  expect(outputs).toEqual(expect.arrayContaining(asked.map(nameOf)));
});
