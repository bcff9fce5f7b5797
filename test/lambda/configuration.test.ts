import { readConfiguration } from '../../lambda/configuration';

const ORIGINS = '[{"bucket":"site","distribution":"E1SITE","path":"/en"}]';

test('the environment is read', () => {
  const configuration = readConfiguration({
    ORIGINS,
    INDEX_DOCUMENT: 'index.html',
    REFETCHES_PER_PATH: '50',
    INSPECT_BUCKET: 'on',
  });
  expect(configuration).toMatchObject({
    origins: [{ bucket: 'site', distribution: 'E1SITE', path: '/en' }],
    indexDocument: 'index.html',
    refetchesPerPath: 50,
    inspectBucket: true,
  });
});

test.each([
  ['on', true],
  ['off', false],
  ['ON', false],
  [undefined, false],
])('INSPECT_BUCKET and DRY_RUN of %j: %j', (value, isOn) => {
  const configuration = readConfiguration({ ORIGINS, INSPECT_BUCKET: value, DRY_RUN: value });
  expect(configuration).toMatchObject({ inspectBucket: isOn, dryRun: isOn });
});

test('each distribution has an equal share of maxPathsPerDay, in whole paths', () => {
  const two = JSON.stringify([
    ...JSON.parse(ORIGINS),
    { bucket: 'docs', distribution: 'E2DOCS', path: '' },
    { bucket: 'more', distribution: 'E2DOCS', path: '' },
  ]);
  expect(readConfiguration({ ORIGINS: two, MAX_PATHS_PER_DAY: '501' }).maxPathsPerDay).toBe(250);
  expect(readConfiguration({ ORIGINS, MAX_PATHS_PER_DAY: '501' }).maxPathsPerDay).toBe(501);
  expect(readConfiguration({ ORIGINS })).not.toHaveProperty('maxPathsPerDay');
});

test('a dry run leaves the stored ledger alone', () => {
  const environment = { ORIGINS, LEDGER_TABLE: 'ledger' };
  expect(readConfiguration(environment).ledgerTable).toBe('ledger');
  expect(readConfiguration({ ...environment, DRY_RUN: 'on' }).ledgerTable).toBeUndefined();
});

test('a dry run tells no event bus', () => {
  const environment = { ORIGINS, EVENT_BUS: 'default', QUEUE_URL: 'https://sqs/queue' };
  expect(readConfiguration(environment).events).toEqual({ bus: 'default', queueUrl: 'https://sqs/queue' });
  expect(readConfiguration({ ...environment, DRY_RUN: 'on' }).events).toBeUndefined();
  expect(readConfiguration({ ORIGINS, QUEUE_URL: 'https://sqs/queue' }).events).toBeUndefined();
});

test('an empty glob, as CloudFormation makes it of a comma at the end, excludes nothing', () => {
  const { origins } = readConfiguration(withOption('"exclude":["docs/**",""]'));
  expect(['docs/a', '', 'a'].map((name) => origins[0]?.excludes(name))).toEqual([true, false, false]);
});

const withOption = (option: string) => ({ ORIGINS: ORIGINS.replace('}', `,${option}}`) });

test.each([
  [{}, 'ORIGINS must be a JSON array of {"bucket", "distribution"}, at least one, but it is missing'],
  [{ ORIGINS: '[' }, 'but it is "["'],
  [{ ORIGINS: '[]' }, 'at least one, but it is "[]"'],
  [{ ORIGINS: '[{"bucket":"site"}]' }, 'ORIGINS must be'],
  [{ ORIGINS: '[null]' }, 'ORIGINS must be'],
  [{ ORIGINS: ORIGINS.replace('/en', 'en/') }, 'ORIGINS must be'],
  [{ ORIGINS: ORIGINS.replace('E1SITE', '') }, 'ORIGINS must be'],
  [{ ORIGINS: ORIGINS.replace(']', ',{"bucket":"site"}]') }, 'ORIGINS must be'],
  [withOption('"prefix":7'), 'ORIGINS must be'],
  [withOption('"exclude":"docs"'), 'ORIGINS must be'],
  [withOption('"exclude":["docs/**",7]'), 'ORIGINS must be'],
  [withOption('"queryStrings":"on"'), 'ORIGINS must be'],
  [withOption('"aliases":{}'), 'ORIGINS must be'],
  [withOption('"aliases":[{"pattern":"{a}","paths":["/{a}"]},null]'), 'ORIGINS must be'],
  [withOption('"aliases":[{"pattern":7,"paths":["/a"]}]'), 'ORIGINS must be'],
  [withOption('"aliases":[{"pattern":"{","paths":["/a"]}]'), 'ORIGINS must be'],
  [withOption('"aliases":[{"pattern":"{a}","paths":"/a"}]'), 'ORIGINS must be'],
  [withOption('"aliases":[{"pattern":"{a}","paths":["/a",7]}]'), 'ORIGINS must be'],
  [withOption('"aliases":[{"pattern":"{a}","paths":["/a","/{b}"]}]'), 'ORIGINS must be'],
  [{ ORIGINS, EVENT_BUS: '' }, 'EVENT_BUS must be the name or the ARN of an event bus, but it is ""'],
  [
    { ORIGINS, EVENT_BUS: 'default' },
    'QUEUE_URL must be the URL of the queue, because EVENT_BUS is set, but it is missing',
  ],
  [{ ORIGINS, REFETCHES_PER_PATH: '0' }, 'REFETCHES_PER_PATH must be a number above 0, but it is "0"'],
  [{ ORIGINS, REFETCHES_PER_PATH: 'Infinity' }, 'REFETCHES_PER_PATH must be a number above 0'],
  [{ ORIGINS, REFETCHES_PER_PATH: 'many' }, 'REFETCHES_PER_PATH must be a number above 0, but it is "many"'],
  [
    { ORIGINS, MAX_PATHS_PER_DAY: '0' },
    'MAX_PATHS_PER_DAY must be a whole number, a path at least for each distribution',
  ],
  [{ ORIGINS, MAX_PATHS_PER_DAY: 'few' }, 'MAX_PATHS_PER_DAY must be a whole number'],
  [{ ORIGINS, MAX_PATHS_PER_DAY: '' }, 'MAX_PATHS_PER_DAY must be a whole number'],
])('%j is an error, naming the variable, the rule and the value', (environment, message) => {
  expect(() => readConfiguration(environment)).toThrow(message);
});
