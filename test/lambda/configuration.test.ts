import { readConfiguration } from '../../lambda/configuration';

const ORIGINS = '[{"bucket":"site","distribution":"E1SITE","path":"/en"}]';

test('the environment is read', () => {
  const configuration = readConfiguration({
    ORIGINS,
    INDEX_DOCUMENT: 'index.html',
    REFETCHES_PER_PATH: '50',
    CENSUS: 'on',
  });
  expect(configuration).toMatchObject({
    origins: [{ bucket: 'site', distribution: 'E1SITE', path: '/en' }],
    indexDocument: 'index.html',
    refetchesPerPath: 50,
    census: true,
  });
});

test.each([
  [{}, 'ORIGINS must be a JSON array of {"bucket", "distribution", "path"}, at least one, but it is missing'],
  [{ ORIGINS: '[' }, 'but it is "["'],
  [{ ORIGINS: '[]' }, 'at least one, but it is "[]"'],
  [{ ORIGINS: '[{"bucket":"site"}]' }, 'ORIGINS must be'],
  [{ ORIGINS: '[null]' }, 'ORIGINS must be'],
  [{ ORIGINS: ORIGINS.replace('/en', 'en/') }, 'ORIGINS must be'],
  [{ ORIGINS: ORIGINS.replace('E1SITE', '') }, 'ORIGINS must be'],
  [{ ORIGINS: ORIGINS.replace('}', ',"exclude":"docs"}') }, 'ORIGINS must be'],
  [{ ORIGINS: ORIGINS.replace('}', ',"prefix":7}') }, 'ORIGINS must be'],
  [{ ORIGINS, REFETCHES_PER_PATH: 'Infinity' }, 'REFETCHES_PER_PATH must be a number above 0'],
  [{ ORIGINS, REFETCHES_PER_PATH: 'many' }, 'REFETCHES_PER_PATH must be a number above 0, but it is "many"'],
])('%j is refused, naming the variable, the rule and the value', (environment, message) => {
  expect(() => readConfiguration(environment)).toThrow(message);
});
