import { forgetOptionsOfNpm, readArguments } from '../../local/cli/arguments';

const NO_PORTS = { edge: undefined, aws: undefined, cloudFront: undefined, page: undefined };

test.each([
  [[], { kind: 'serve', folder: undefined, ports: NO_PORTS }],
  [['public'], { kind: 'serve', folder: 'public', ports: NO_PORTS }],
  [['--once'], { kind: 'once', folder: undefined, ports: NO_PORTS }],
  [
    ['--edge-port', '8080', '--aws-port=4566', '--cloudfront-port', '0', '--page-port=8000'],
    { kind: 'serve', folder: undefined, ports: { edge: 8080, aws: 4566, cloudFront: 0, page: 8000 } },
  ],
  [['--help', '--once'], { kind: 'help' }],
  [['a', 'b'], { kind: 'invalid', reason: expect.stringContaining('"b"') }],
  [['--twice'], { kind: 'invalid', reason: 'Unknown option --twice.' }],
  [['-x'], { kind: 'invalid', reason: 'Unknown option -x.' }],
  [['--once=yes'], { kind: 'invalid', reason: '--once takes no value, but it has "yes".' }],
  [['--edge-port'], { kind: 'invalid', reason: '--edge-port needs a value: --edge-port=VALUE.' }],
  [['--edge-port', '--once'], { kind: 'invalid', reason: '--edge-port needs a value: --edge-port=VALUE.' }],
  [['--edge-port=-1'], { kind: 'invalid', reason: '--edge-port must be a port, 0 to 65535, but it is "-1".' }],
  [['--', '--once'], { kind: 'serve', folder: '--once', ports: NO_PORTS }],
  [['--edge-port', '65536'], { kind: 'invalid', reason: expect.stringContaining('"65536"') }],
  [['--aws-port', 'four'], { kind: 'invalid', reason: expect.stringContaining('"four"') }],
  [['--log', 'f.log', 'public'], { kind: 'serve', folder: 'public', ports: NO_PORTS, log: 'f.log' }],
  [['--verbose'], { kind: 'serve', ports: NO_PORTS, verbose: true }],
  [['--log'], { kind: 'invalid', reason: '--log needs a value: --log=VALUE.' }],
  [
    ['-c', 'maxBatchingWindow=5', '--context', 'originPath=', '-cprefix=a=b'],
    {
      kind: 'serve',
      ports: NO_PORTS,
      context: { maxBatchingWindow: '5', originPath: '', prefix: 'a=b' },
    },
  ],
  [['-c', 'dryRun'], { kind: 'invalid', reason: expect.stringContaining('-c NAME=VALUE, but it is "dryRun"') }],
  [['-c', '=5'], { kind: 'invalid', reason: expect.stringContaining('"=5"') }],
])('%j', (args, command) => {
  expect(readArguments(args)).toEqual(command);
});

describe('options that npm has taken for its own, for want of the two dashes', () => {
  test.each<[string, NodeJS.ProcessEnv, string[], object]>([
    ['--once', { npm_config_once: 'true' }, [], { kind: 'once' }],
    ['--once public', { npm_config_once: 'true' }, ['public'], { kind: 'once', folder: 'public' }],
    ['--no-once', { npm_config_once: '' }, [], { kind: 'serve' }],
    ['--page-port=8000', { npm_config_page_port: '8000' }, [], { ports: { page: 8000 } }],
    ['--edge-port=x', { npm_config_edge_port: 'x' }, [], { kind: 'invalid' }],
    ['--log=f.log', { npm_config_log: 'f.log' }, [], { log: 'f.log' }],
    ['-c maxBatchingWindow=5', { npm_config_call: 'maxBatchingWindow=5' }, [], { context: { maxBatchingWindow: '5' } }],
    ['--context=dryRun=true', { npm_config_context: 'dryRun=true' }, [], { context: { dryRun: 'true' } }],
    ['another level of npm', { npm_config_loglevel: 'silent' }, [], { kind: 'serve' }],
  ])('%s are understood', (_, environment, args, command) => {
    expect(readArguments(args, environment)).toMatchObject(command);
  });

  test('what follows one without an equals sign is not taken for the folder', () => {
    const reason = 'npm has taken --log for its own: npm start -- --log VALUE.';
    expect(readArguments(['f.log'], { npm_config_log: 'true' })).toEqual({ kind: 'invalid', reason });
  });

  test('are forgotten, lest an npm that is started takes them', () => {
    const environment = { npm_config_once: 'true', npm_config_call: 'a=b', npm_config_page_port: '1', HOME: '/' };
    forgetOptionsOfNpm(environment);
    expect(environment).toEqual({ HOME: '/' });
  });
});
