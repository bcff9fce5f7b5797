import { readArguments } from '../../local/cli/arguments';

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
])('%j', (args, command) => {
  expect(readArguments(args)).toEqual(command);
});
