import { progressOn } from '../../cli/progress';

function shown(stream: { isTTY?: boolean; columns?: number }): string {
  const written: string[] = [];
  const progress = progressOn({ ...stream, write: (text: string) => written.push(text) > 0 });
  progress.show('Listing site', '');
  progress.show('Listing site', '1,000 objects');
  progress.show('Listing site', '1,000 objects');
  progress.show('Waiting\nfor CloudFront', '2 of 3 paths fresh');
  progress.end();
  progress.end();
  return written.join('');
}

const CLEAR = '\r\u001b[2K';

test('on a terminal, progress is one line that is written again, no wider than the terminal, and gone in the end', () => {
  expect(shown({ isTTY: true, columns: 30 })).toBe(
    `${CLEAR}Listing site …${CLEAR}Listing site: 1,000 objects${CLEAR}Waiting\\nfor CloudFront: 2 of${CLEAR}`,
  );
});

test('elsewhere, it is a line for each stage', () => {
  expect(shown({})).toBe('Listing site …\nWaiting\\nfor CloudFront …\n');
});
