/** What CloudFormation would refuse a template for, as far as its text shows. cfn-lint knows more, where it is installed. */

interface Checked {
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html, of a template in a bucket. */
const LIMITS = {
  // Of 1,000,000. The AWS CLI and SAM write a nested template again, as YAML, in which lines are folded: that takes 8.5 % more.
  bytes: 920_000,
  parameters: 200,
  resources: 500,
  outputs: 200,
  attributesOfAMapping: 200,
  bytesOfADescription: 1024,
};

/** Of Lambda, for code in a template: it is zipped, and the zip may have no more. */
const INLINE_BYTES = 4_194_304;

/** What is wrong with a template, a line each. */
export function faultsIn(text: string): string[] {
  const template: Checked & { readonly Description?: string } = JSON.parse(text);
  return [...sizes(template, text), ...unresolved(template), ...unused(template), ...assets(text)];
}

function sizes({ Description = '', ...template }: Checked & { readonly Description?: string }, text: string): string[] {
  const attributes = Object.values(template.Mappings ?? {}).flatMap((keys) => [
    Object.keys(keys).length,
    ...Object.values(keys).map((names) => Object.keys(names).length),
  ]);
  const code = textsIn(template.Resources, 'ZipFile').map((each) => Buffer.byteLength(each));
  const measured: [what: string, size: number, most: number][] = [
    ['bytes', Buffer.byteLength(text), LIMITS.bytes],
    ['parameters', count(template.Parameters), LIMITS.parameters],
    ['resources', count(template.Resources), LIMITS.resources],
    ['outputs', count(template.Outputs), LIMITS.outputs],
    ['attributes of a mapping', Math.max(0, ...attributes), LIMITS.attributesOfAMapping],
    ['bytes of the description', Buffer.byteLength(Description), LIMITS.bytesOfADescription],
    ['bytes of inline code', Math.max(0, ...code), INLINE_BYTES],
  ];
  return measured.filter(([, size, most]) => size > most).map(([what, size, most]) => `${size} ${what}, of ${most}`);
}

/** What is referred to, and is not there. */
function unresolved(template: Checked): string[] {
  const { Parameters = {}, Mappings = {}, Conditions = {}, Resources } = template;
  const isValue = (name: string) => /^AWS::/.test(name) || name in Parameters || name in Resources;
  const isAttribute = (name: string) => name.includes('.') && name.slice(0, name.indexOf('.')) in Resources;
  const missing: string[] = [];
  const expectThere = (isThere: boolean, what: string) => void (isThere || missing.push(what));
  walk(template, (name, value) => {
    const names = [value].flat();
    if (name === 'Ref') expectThere(isValue(String(value)), `Ref of ${value}`);
    if (name === 'Fn::GetAtt') expectThere(isAttribute(names.join('.')), `Fn::GetAtt of ${names.join('.')}`);
    if (name === 'DependsOn') {
      for (const each of names) expectThere(String(each) in Resources, `DependsOn of ${each}`);
    }
    if (name === 'Condition' && typeof value === 'string') {
      expectThere(value in Conditions, `condition ${value}`);
    }
    if (name === 'Fn::If') expectThere(String(names[0]) in Conditions, `condition ${names[0]}`);
    if (name === 'Fn::FindInMap') {
      const keys = Object.values(Mappings[String(names[0])] ?? {});
      const isThere = keys.length > 0 && keys.every((each) => String(names[2]) in each);
      expectThere(isThere, `Fn::FindInMap of ${names[0]}, ${names[2]}`);
    }
    if (name === 'Fn::Sub') {
      const local = Object.keys(Object(names[1]));
      for (const [, each = ''] of String(names[0]).matchAll(/\$\{([^!}]+)\}/g)) {
        expectThere(local.includes(each) || isValue(each) || isAttribute(each), `Fn::Sub of ${each}`);
      }
    }
  });
  return [...new Set(missing)].map((each) => `There is nothing for the ${each}.`);
}

/** What nobody refers to. */
function unused({ Parameters = {}, Conditions = {}, Mappings = {}, ...others }: Checked): string[] {
  const used = new Set<unknown>();
  walk({ Conditions, ...others }, (name, value) => {
    const [first] = [value].flat();
    if (name === 'Ref') used.add(`parameter ${value}`);
    if (name === 'Condition' && typeof value === 'string') used.add(`condition ${value}`);
    if (name === 'Fn::If') used.add(`condition ${first}`);
    if (name === 'Fn::FindInMap') used.add(`mapping ${first}`);
    if (name === 'Fn::Sub') {
      for (const [, each] of String(first).matchAll(/\$\{([^!}]+)\}/g)) used.add(`parameter ${each}`);
    }
  });
  const all = [
    ...Object.keys(Parameters).map((name) => `parameter ${name}`),
    ...Object.keys(Conditions).map((name) => `condition ${name}`),
    ...Object.keys(Mappings).map((name) => `mapping ${name}`),
  ];
  return all.filter((each) => !used.has(each)).map((each) => `Nothing uses the ${each}.`);
}

/** What only an environment that is bootstrapped for the CDK has, or what a stand-in was left in place of. */
function assets(text: string): string[] {
  const left = text.match(/cdk-[a-z0-9]+-assets-|AssetParameters|BootstrapVersion|THE-[A-Z]+|Any-Stack/);
  return left ? [`${left[0]} is left.`] : [];
}

function count(all: object = {}): number {
  return Object.keys(all).length;
}

function textsIn(value: unknown, wanted: string): string[] {
  const all: string[] = [];
  walk(value, (name, each) => {
    if (name === wanted && typeof each === 'string') all.push(each);
  });
  return all;
}

/** Visits every name of a template, with its value. In policies, `Condition` is another thing: there it is no text. */
function walk(value: unknown, visit: (name: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, each] of Object.entries(value)) {
    if (!Array.isArray(value)) visit(name, each);
    walk(each, visit);
  }
}
