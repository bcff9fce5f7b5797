import type { CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { error, type Finding } from './finding';
import { isOfType, type Rendering } from './rendering';

/** What AWS takes no more of: of each type of resource what is measured, and the rule. */
const LIMITS = [
  {
    type: 'AWS::Lambda::Function',
    measured: ({ Environment }: Properties) => Buffer.byteLength(longest(Environment?.Variables)),
    most: 4096,
    option: 'origins',
    rule: "must fit, with all their globs and aliases, into the 4096 bytes of the function's environment, as JSON in JSON; use two invalidators, and where these watch the same objects of a bucket, set events to eventbridge in one of them",
  },
  {
    type: 'AWS::Events::Rule',
    measured: ({ EventPattern }: Properties) => longest(EventPattern).length,
    most: 2048,
    option: 'origins',
    rule: 'must have prefixes of each bucket that fit into the 2048 characters of an event pattern: state wider ones, or none',
  },
  {
    type: 'AWS::Logs::QueryDefinition',
    measured: ({ Name }: Properties) => longest(Name).length - '""'.length,
    most: 255,
    option: 'monitoring',
    rule: 'must be false, or the path of the construct shorter: names of saved queries begin with it, and have 255 characters at most',
  },
];

// biome-ignore lint/suspicious/noExplicitAny: of all types of resources
type Properties = Readonly<Record<string, any>>;

/** What exceeds a limit among the resources of a construct. */
export function tooLarge(scope: Construct, rendering: Rendering): Finding[] {
  return scope.node.findAll().flatMap((resource) =>
    LIMITS.filter(({ type }) => isOfType(resource, type)).flatMap(({ measured, most, option, rule }) => {
      const size = measured(rendering.properties(resource as CfnResource) ?? {});
      return size > most ? error(option, rule, size) : [];
    }),
  );
}

/** The JSON of a value, with all that is known at deployment only as long as it can be. */
function longest(value: unknown = ''): string {
  const plain = JSON.parse(JSON.stringify(value), (_, each) => {
    const [name = ''] = Object.keys(Object(each));
    if (name === 'Fn::Join') return each[name][1].join(each[name][0]);
    return /^(Ref|Fn::.*)$/.test(name) ? TOKEN : each;
  });
  // In this order: ids of distributions, names of DynamoDB's, or what has a variable of its own, and names of buckets.
  return JSON.stringify(plain)
    .replace(/(?<=distribution\\":\\")�/g, 'x'.repeat(14))
    .replace(/(?<=:")�(?=")/g, 'x'.repeat(255))
    .replaceAll(TOKEN, 'x'.repeat(63));
}

/** Stands for what is known at deployment only. */
const TOKEN = '�';
