import { readOptions } from '../../cli/options';

/** What the command line says. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | {
      readonly kind: 'serve' | 'once';
      /** @default - the sample site */
      readonly folder?: string;
      readonly ports: {
        readonly aws?: number;
        readonly cloudFront?: number;
        readonly edge?: number;
        readonly page?: number;
      };
    };

export const USAGE = `Runs the stack on this machine: S3, SQS, DynamoDB, the function, CloudFront's API and an edge. No AWS account is needed.

  npm start                    serves a sample site
  npm start -- DIR             serves the files of a folder, and uploads what changes in it
  npm start -- --once [DIR]    changes some pages by script, sees each stale at the edge and then fresh, and ends;
                               without DIR, deploys the whole sample site, too

  --edge-port N         where the site is served        (default: a free port)
  --aws-port N          where S3 and SQS listen         (default: a free port)
  --cloudfront-port N   where CloudFront's API listens  (default: a free port)
  --page-port N         where to see all this           (default: a free port)
  --help                this text

Files and folders whose names begin with a dot are left out, except .well-known.
`;

/** Reads the command line; whatever is wrong with it is a value. */
export function readArguments(args: readonly string[]): Command {
  try {
    const { values, positionals } = readOptions(args, {
      once: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      'edge-port': { type: 'string' },
      'aws-port': { type: 'string' },
      'cloudfront-port': { type: 'string' },
      'page-port': { type: 'string' },
    });
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
    return { kind: values.once ? 'once' : 'serve', folder, ports };
  } catch (error) {
    return { kind: 'invalid', reason: error instanceof Error ? error.message : String(error) };
  }
}

function readPort(value: string | undefined, option: string): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value) || Number(value) > 65_535) {
    throw new Error(`${option} must be a port, 0 to 65535, but it is "${value}".`);
  }
  return Number(value);
}
