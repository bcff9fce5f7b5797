import { readOptions } from '../../cli/options';

/** Where to listen: 0 is a free port; what is not given has a default. */
export interface Ports {
  readonly aws?: number;
  readonly cloudFront?: number;
  readonly edge?: number;
  readonly page?: number;
}

/** What the command line says. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | {
      readonly kind: 'serve' | 'once';
      /** @default - the sample site */
      readonly folder?: string;
      readonly ports: Ports;
      /** What `cdk deploy -c name=value` would take. @default - none */
      readonly context?: Readonly<Record<string, string>>;
      /** The file that the function's log is added to. @default - none */
      readonly log?: string;
      /** Whether commands for what runs are printed, too. @default false */
      readonly verbose?: boolean;
    };

/** Always the same, so that tabs that are open live on; another one, if something else has it. */
export const DEFAULT_PORTS: Required<Ports> = { page: 8750, edge: 8751, aws: 8752, cloudFront: 8753 };

export const USAGE = `Runs the stack on this machine: S3, SQS, DynamoDB, the function, CloudFront's API and an edge. It needs no AWS account.

  npm start                    serve a sample site
  npm start -- DIR             serve the files of a folder, and upload what changes in it
  npm start -- --once [DIR]    change some pages by script, watch each go from stale to fresh, and end;
                               without DIR, also deploy the whole sample site, and show a cache tag and a request

  -c NAME=VALUE         a context value, as for \`npx cdk deploy\`, such as maxBatchingWindow=5; can be repeated
  --log FILE            append the function's log to a file
  --verbose             print commands for the AWS CLI, and what the invalidator knows of the distribution
  --page-port N         port of the page that shows it all  (default: ${DEFAULT_PORTS.page}, or a free port)
  --edge-port N         port of the served site             (default: ${DEFAULT_PORTS.edge}, or a free port)
  --aws-port N          port of S3 and SQS                  (default: ${DEFAULT_PORTS.aws}, or a free port)
  --cloudfront-port N   port of CloudFront's API            (default: ${DEFAULT_PORTS.cloudFront}, or a free port)
  --help                print this text

DIR and FILE are relative to the folder that you are in. Files and folders whose names begin with a dot are left out,
except .well-known.
`;

const OPTIONS = {
  once: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  verbose: { type: 'boolean' },
  context: { type: 'string', short: 'c', multiple: true },
  log: { type: 'string' },
  'edge-port': { type: 'string' },
  'aws-port': { type: 'string' },
  'cloudfront-port': { type: 'string' },
  'page-port': { type: 'string' },
} as const;

/**
 * Reads the command line; whatever is wrong with it is a value.
 *
 * @param environment what npm makes of options that stand before the two dashes: `npm_config_once`
 */
export function readArguments(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Command {
  try {
    const { values, positionals } = readOptions([...optionsOfNpm(environment), ...args], OPTIONS);
    if (values.help) return { kind: 'help' };
    const [folder, ...others] = positionals;
    if (others.length > 0)
      return { kind: 'invalid', reason: `There may be one folder, but there is also "${others[0]}".` };
    const ports = {
      edge: readPort(values['edge-port'], '--edge-port'),
      aws: readPort(values['aws-port'], '--aws-port'),
      cloudFront: readPort(values['cloudfront-port'], '--cloudfront-port'),
      page: readPort(values['page-port'], '--page-port'),
    };
    const kind = values.once ? 'once' : 'serve';
    return { kind, folder, ports, context: readContext(values.context), log: values.log, verbose: values.verbose };
  } catch (error) {
    return { kind: 'invalid', reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Without the two dashes, npm takes options for its own: `npm start --once` sets `npm_config_once`, and `-c` is its
 * `--call`. Those with a value are understood if it is given with an equals sign; else npm passes it on as a folder.
 *
 * @throws an Error that says how to write it
 */
function optionsOfNpm(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(OPTIONS).flatMap(([name, { type }]) => {
    const value = variablesOfNpm(name)
      .map((variable) => environment[variable] ?? '')
      .find((each) => each !== '');
    if (value === undefined) return [];
    if (type === 'boolean') return value === 'true' ? [`--${name}`] : [];
    if (value === 'true') throw new Error(`npm has taken --${name} for its own: npm start -- --${name} VALUE.`);
    // Given more than once, it is several lines.
    return value.split('\n\n').map((each) => `--${name}=${each}`);
  });
}

function variablesOfNpm(name: string): string[] {
  return [`npm_config_${name.replaceAll('-', '_')}`, ...(name === 'context' ? ['npm_config_call'] : [])];
}

/** Takes out of an environment what npm made of the options: another npm that is started would take it for its own. */
export function forgetOptionsOfNpm(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(OPTIONS)) for (const variable of variablesOfNpm(name)) delete environment[variable];
}

/** @throws an Error when one is not NAME=VALUE */
function readContext(pairs: readonly string[] | undefined): Record<string, string> | undefined {
  if (pairs === undefined) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined) throw new Error(`-c needs a name and a value: -c NAME=VALUE, but it is "${pair}".`);
      return [name, value];
    }),
  );
}

function readPort(value: string | undefined, option: string): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value) || Number(value) > 65_535) {
    throw new Error(`${option} must be a port, 0 to 65535, but it is "${value}".`);
  }
  return Number(value);
}
