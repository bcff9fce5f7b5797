/** A parameter of the template, as the console shows it. */
export interface Parameter {
  readonly Type: 'String' | 'Number' | 'CommaDelimitedList';
  readonly Description: string;
  /** Absent: it has to be given. */
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  /** A regular expression of Java's, which matches the whole value; of a list, each of its values. */
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly MaxLength?: number;
}

/** A group of the console's form, and the label of each parameter. */
interface Group {
  readonly title: string;
  readonly parameters: Readonly<Record<string, Parameter & { readonly label: string }>>;
}

/**
 * Windows that can be chosen, in seconds. The visibility timeout, the receives and the thresholds of alarms are derived from it, and
 * CloudFormation cannot add: so they are looked up.
 */
export const WINDOWS = [0, 1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300];

/** What CloudWatch keeps logs for, in days. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The parts of keys that S3 takes as they are in the filter of a notification, and JSON in a text. CloudFormation encodes neither. */
const PLAIN = "[A-Za-z0-9_.!'()-]";
const FOLDERS = `(/${PLAIN}+)+`;

/** CloudFormation takes a pattern for one of the whole value; this says so to others, too. */
function whole(pattern: string): string {
  return `^(${pattern})$`;
}

/** Whole numbers: a parameter of the type Number may have a fraction. */
const upToABillion = (smallest: 0 | 1) => ({
  Type: 'String' as const,
  AllowedPattern: whole(`${smallest === 0 ? '0|' : ''}[1-9][0-9]{0,8}|1000000000`),
  ConstraintDescription: `must be a whole number from ${smallest} to 1000000000`,
});

const yesOrNo = (label: string, Default: 'true' | 'false', Description: string) => ({
  label,
  Type: 'String' as const,
  Default,
  AllowedValues: ['true', 'false'],
  Description,
});

const GROUPS: readonly Group[] = [
  {
    title: 'What to attach to',
    parameters: {
      BucketName: {
        label: 'Bucket',
        Type: 'String',
        AllowedPattern: whole(
          '(?!xn--|sthree-|[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$)(?!.*(-s3alias|--ol-s3|--x-s3|--xa-s3|--table-s3|[.]mrap)$)(?!.*\\.\\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
        ),
        ConstraintDescription: 'must be the name of a general purpose bucket',
        Description: 'The bucket whose changes invalidate. It must be in the region of this stack.',
      },
      DistributionId: {
        label: 'Distribution',
        Type: 'String',
        AllowedPattern: whole('E[A-Z0-9]{5,31}'),
        ConstraintDescription: 'must be a distribution id: E and capital letters or digits, as E123EXAMPLE',
        Description: "The id of the distribution that serves the bucket's objects. It must be of this account.",
      },
    },
  },
  {
    title: 'Which objects',
    parameters: {
      Events: {
        label: 'How the bucket sends changes',
        Type: 'String',
        Default: 'notifications',
        AllowedValues: ['notifications', 'eventbridge'],
        Description:
          'notifications: S3 sends changes directly to the queue. eventbridge: for a bucket whose notifications already go elsewhere. Switch EventBridge on in its properties.',
      },
      Prefix: {
        label: 'Prefix',
        Type: 'String',
        Default: '',
        AllowedPattern: whole(`|${PLAIN}[A-Za-z0-9_.!'()/-]*`),
        MaxLength: 512,
        ConstraintDescription: "must be letters, digits, slashes and _ . ! ' ( ) - only, without a slash in front",
        Description:
          'The beginning of the watched keys, such as docs/, including the origin path if you set it. Empty: as the origin path, or every object.',
      },
      Exclude: {
        label: 'Exclude',
        Type: 'CommaDelimitedList',
        Default: '',
        AllowedPattern: whole(
          '|(?!.*\\*\\*.*\\*\\*.*\\*\\*)(?!.*\\*[^/*]+\\*+[^/*]+\\*)!?[A-Za-z0-9_.*?@+=~-]([A-Za-z0-9_.*?@+=~/-]*[A-Za-z0-9_.*?@+=~-])?',
        ),
        ConstraintDescription: 'must be globs of names without a slash in front or at the end, with two ** at most',
        Description:
          'Globs of names that are never invalidated, separated by commas, such as assets/**,!assets/logo.png. The last one that matches decides.',
      },
    },
  },
  {
    title: 'How they are invalidated',
    parameters: {
      MaxBatchingWindow: {
        label: 'Batching window, s',
        Type: 'Number',
        Default: 20,
        AllowedValues: WINDOWS,
        Description:
          'How many seconds changes are gathered: a longer window costs freshness, a shorter one paths. Other values need the CDK.',
      },
      RefetchesPerPath: {
        label: 'Refetches per path',
        Type: 'Number',
        Default: 100,
        MinValue: 0.000001,
        MaxValue: 1000000,
        Description: 'How many unchanged objects may be fetched again from the bucket to save one path.',
      },
      MaxPathsPerDay: {
        label: 'Most paths in a day',
        ...upToABillion(0),
        Default: '0',
        Description:
          'The most paths in a day (UTC), or 0 for no limit. After that a single wildcard covers each batch, so nothing becomes stale.',
      },
      InspectBucket: yesOrNo(
        'Inspect the bucket',
        'true',
        'Whether the function lists the bucket to see what a wildcard would evict from the caches.',
      ),
      Requests: yesOrNo(
        'Take requests',
        'false',
        'Whether other apps may request invalidations of paths and cache tags, by messages and events.',
      ),
      DryRun: yesOrNo('Dry run', 'false', 'Nothing is invalidated. The log says what would be, and its price.'),
    },
  },
  {
    title: 'Overrides of what the distribution says',
    parameters: {
      ReadDistribution: yesOrNo(
        'Read the distribution',
        'true',
        'Whether the function reads the configuration of the distribution. If not, it uses only the parameters below.',
      ),
      OriginPath: {
        label: 'Origin path',
        Type: 'String',
        Default: '',
        AllowedPattern: whole(`|none|${FOLDERS}`),
        MaxLength: 255,
        ConstraintDescription: "must be none, or folders such as /site, of letters, digits and _ . ! ' ( ) - only",
        Description: 'Such as /site, or none. Empty: as the distribution says.',
      },
      ViewerPrefix: {
        label: 'Viewer prefix',
        Type: 'String',
        Default: '',
        AllowedPattern: whole(`|none|${FOLDERS}`),
        MaxLength: 255,
        ConstraintDescription: "must be none, or folders such as /assets, of letters, digits and _ . ! ' ( ) - only",
        Description:
          'What viewers have in front of the keys, such as /assets, or none. Empty: as the distribution says.',
      },
      QueryStrings: {
        label: 'Query strings',
        Type: 'String',
        Default: '',
        AllowedValues: ['', 'true', 'false'],
        Description: 'Whether query strings are in the cache key. Empty: as the distribution says.',
      },
      IndexDocument: {
        label: 'Index document',
        Type: 'String',
        Default: '',
        AllowedPattern: whole('[^/*]*'),
        MaxLength: 100,
        ConstraintDescription: 'must be a file name without a slash or a wildcard, or none',
        Description:
          'What URLs of folders return, such as index.html, or none if they return nothing. Empty: as the distribution says.',
      },
    },
  },
  {
    title: 'How it is watched',
    parameters: {
      Monitoring: yesOrNo('Monitoring', 'true', 'Whether there are a dashboard, alarms, and saved queries of the log.'),
      AlarmTopicArn: {
        label: 'Topic of the alarms',
        Type: 'String',
        Default: '',
        AllowedPattern: whole('|arn:aws[A-Za-z0-9_-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}'),
        ConstraintDescription: 'must be the ARN of a standard SNS topic',
        Description:
          'The standard SNS topic of this region that the alarms notify, or empty for none. Its policies must allow CloudWatch to publish.',
      },
      PathsPerDayBudget: {
        label: 'Budget, paths a day',
        ...upToABillion(1),
        Default: '200',
        Description: 'Paths in a day above which an alarm fires; 200 are $1. It limits nothing.',
      },
      LogRetention: {
        label: 'Log retention, days',
        Type: 'Number',
        Default: 90,
        AllowedValues: RETENTIONS,
        Description: "How many days the function's log is kept.",
      },
    },
  },
];

/** The parameters, by their names. */
export const PARAMETERS: Readonly<Record<string, Parameter>> = Object.fromEntries(
  GROUPS.flatMap(({ parameters }) => Object.entries(parameters)).map(([name, { label: _, ...parameter }]) => [
    name,
    parameter,
  ]),
);

/** How the console groups and labels them. */
export const INTERFACE = {
  ParameterGroups: GROUPS.map(({ title, parameters }) => ({
    Label: { default: title },
    Parameters: Object.keys(parameters),
  })),
  ParameterLabels: Object.fromEntries(
    GROUPS.flatMap(({ parameters }) =>
      Object.entries(parameters).map(([name, { label }]) => [name, { default: label }]),
    ),
  ),
};
