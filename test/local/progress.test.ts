import { progressOf, progressText } from '../../local/cli/progress';

test.each<[number, number, number, string]>([
  [0, 50_000, 5_000, 'Loading: 0 of 50,000 objects, 0 %'],
  [100, 50_000, 999, 'Loading: 100 of 50,000 objects, 0 %'],
  [1_000, 50_000, 1_000, 'Loading: 1,000 of 50,000 objects, 2 %, 49 s left'],
  [10_000, 50_000, 100_000, 'Loading: 10,000 of 50,000 objects, 20 %, 6 min 40 s left'],
  [49_999, 50_000, 10_000, 'Loading: 49,999 of 50,000 objects, 99 %, 1 s left'],
])('%i of %i after %i ms', (done, total, elapsed, text) => {
  expect(progressText('Loading', done, total, elapsed)).toBe(text);
});

test('is told now and then, and not when all is done', () => {
  let now = 0;
  const told: string[] = [];
  const tell = progressOf('Uploading', { progress: (text) => void told.push(text) }, () => now);
  for (let done = 1; done <= 1_000; done += 1) {
    now += 1;
    tell(done, 1_000);
  }
  expect(told).toHaveLength(4);
  expect(told[0]).toBe('Uploading: 200 of 1,000 objects, 20 %');
});
