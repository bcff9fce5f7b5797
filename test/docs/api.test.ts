import { readFileSync } from 'node:fs';
import { API_REFERENCE, apiReference } from '../../scripts/api-reference';

test('the API reference says what the docstrings say; if not, npm run api-reference', () => {
  expect(readFileSync(API_REFERENCE, 'utf8')).toBe(apiReference());
});
