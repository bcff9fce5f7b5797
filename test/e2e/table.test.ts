import { allKept, tableOf } from '../../e2e/table';

const heading = { name: 'on AWS in eu-west-1', date: new Date('2027-01-31T12:00:00Z') };

test('a table of Markdown, with the date and the place', () => {
  const findings = [
    { question: 'Does | break it?', answer: 'no', seen: 'two\nlines' },
    { question: 'Is it fresh?', answer: 'after 1 s', kept: true },
    { question: 'Is it empty?', answer: '1 message', kept: false },
  ];
  expect(tableOf(heading, findings)).toBe(`Measured on 2027-01-31, on AWS in eu-west-1.

| Question          | Answer            | Seen      |
|-------------------|-------------------|-----------|
| Does \\| break it? | no                | two lines |
| Is it fresh?      | kept: after 1 s   |           |
| Is it empty?      | BROKEN: 1 message |           |
`);
});

test('measurements break no promise', () => {
  expect(
    allKept([
      { question: 'q', answer: 'no' },
      { question: 'q', answer: 'a', kept: true },
    ]),
  ).toBe(true);
  expect(allKept([{ question: 'q', answer: 'a', kept: false }])).toBe(false);
});
