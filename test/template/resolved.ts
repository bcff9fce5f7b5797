import { intrinsics, type Template } from '../../local/template/intrinsics';
import { withParameters } from '../../local/template/parameters';

const PSEUDO = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-central-1',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What CloudFormation would create: every resource and output by its logical id, with names for what only a deployment knows. */
export function resolved(template: Template, stackName: string, parameters: Readonly<Record<string, string>> = {}) {
  const whole = withParameters(template, parameters);
  const symbols = (id: string, _: unknown, attribute = 'Ref') => `<${attribute} of ${id}>`;
  const pseudo = { ...PSEUDO, 'AWS::StackName': stackName, 'AWS::StackId': `<${stackName}>` };
  const resolve = intrinsics(whole, pseudo, symbols);
  const existing = (all: object = {}) =>
    Object.fromEntries(
      Object.entries(all)
        .filter(([, { Condition }]) => Condition === undefined || resolve({ Condition }))
        .map(([id, { Condition: _, Metadata: __, DependsOn = [], ...body }]) => [
          id,
          comparable({ DependsOn: [DependsOn].flat(), ...Object(resolve(body)) }),
        ]),
    );
  return {
    Resources: existing(whole.Resources),
    Outputs: existing((whole as { Outputs?: object }).Outputs),
  } as { Resources: Record<string, Body>; Outputs: Record<string, Body> };
}

interface Body {
  // biome-ignore lint/suspicious/noExplicitAny: of all types of resources
  readonly Properties: Record<string, any>;
}

/** CloudFormation takes numbers as text, too. The function's code is another matter. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return typeof value === 'number' ? String(value) : value;
  const named = Object.entries(value).filter(([name]) => name !== 'Code');
  return Object.fromEntries(named.map(([name, each]) => [name, comparable(each)]));
}
