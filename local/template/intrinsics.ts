/** A CloudFormation template, as far as the local run reads it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, Parameter>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** What is asked of whoever deploys a template. */
export interface Parameter {
  readonly Type?: string;
  readonly Default?: unknown;
  readonly AllowedValues?: readonly unknown[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly MaxLength?: number;
}

export interface Resource {
  readonly Type: string;
  /** Name of the condition without which there is none. */
  readonly Condition?: string;
  readonly Properties?: Record<string, unknown>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** What `Ref` and `Fn::GetAtt` of a resource give here; undefined where that is not known. */
export type Attribute = (logicalId: string, resource: Resource, attribute: string | undefined) => string | undefined;

/** Makes a value of a template plain: every intrinsic function in it replaced by what it gives. */
export type Resolve = (value: unknown) => unknown;

/**
 * CloudFormation's intrinsic functions, over the resources of one template.
 *
 * @param pseudoParameters values of `AWS::Region` and its like
 * @param attribute names of the resources
 * @returns a function that throws, naming it, on whatever it can not resolve
 */
export function intrinsics(
  template: Template,
  pseudoParameters: Readonly<Record<string, string>>,
  attribute: Attribute,
): Resolve {
  const functions: Record<string, (argument: unknown) => unknown> = {
    Ref: (argument) => reference(String(argument)),
    'Fn::GetAtt': (argument) => {
      const [id = '', name = ''] = Array.isArray(argument) ? argument.map(String) : splitOnce(String(argument), '.');
      return attributeOf(id, name);
    },
    'Fn::Join': (argument) => {
      const [delimiter, parts] = resolveList(argument);
      return resolveList(parts).join(String(delimiter));
    },
    'Fn::Sub': (argument) => {
      const [text, variables] = Array.isArray(argument) ? [argument[0], resolve(argument[1])] : [argument, {}];
      return String(text)
        .replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) =>
          String(substitute(name.trim(), variables as Record<string, unknown>)),
        )
        .replaceAll('${!', '${');
    },
    'Fn::Select': (argument) => {
      const [index, list] = resolveList(argument);
      return resolveList(list)[Number(index)];
    },
    'Fn::Split': (argument) => {
      const [delimiter, text] = resolveList(argument);
      return String(text).split(String(delimiter));
    },
    'Fn::FindInMap': (argument) => {
      const [mapping, key, name] = resolveList(argument).map(String);
      const value = template.Mappings?.[String(mapping)]?.[String(key)]?.[String(name)];
      if (value === undefined) throw new Error(`The template has no ${mapping}.${key}.${name} among its mappings.`);
      return value;
    },
    'Fn::If': (argument) => {
      const [condition, yes, no] = argument as [string, unknown, unknown];
      return resolve(holds(condition) ? yes : no);
    },
    'Fn::Equals': (argument) => {
      const [left, right] = resolveList(argument);
      return String(left) === String(right);
    },
    'Fn::And': (argument) => resolveList(argument).every(Boolean),
    'Fn::Or': (argument) => resolveList(argument).some(Boolean),
    'Fn::Not': (argument) => !resolveList(argument)[0],
    Condition: (argument) => holds(String(argument)),
  };

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve).filter((each) => each !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
    const call = others.length === 0 && (/^Fn::/.test(name) || name === 'Ref' || name === 'Condition');
    if (!call) {
      const resolved = Object.entries(value).map(([key, each]) => [key, resolve(each)]);
      return Object.fromEntries(resolved.filter(([, each]) => each !== undefined));
    }
    const evaluate = functions[name];
    if (!evaluate) throw new Error(`The local run does not know the intrinsic function ${name}.`);
    return evaluate(argument);
  }

  function resolveList(value: unknown): unknown[] {
    const list = resolve(value);
    if (!Array.isArray(list)) throw new Error(`Not a list: ${JSON.stringify(value)}`);
    return list;
  }

  function holds(condition: string): boolean {
    const definition = template.Conditions?.[condition];
    if (definition === undefined) throw new Error(`The template has no condition ${condition}.`);
    return Boolean(resolve(definition));
  }

  function reference(name: string): unknown {
    if (name === 'AWS::NoValue') return undefined;
    if (name in pseudoParameters) return pseudoParameters[name];
    const parameter = template.Parameters?.[name];
    if (parameter?.Default !== undefined) return parameter.Default;
    return attributeOf(name, undefined);
  }

  function attributeOf(id: string, name: string | undefined): string {
    const what = name === undefined ? `Ref of ${id}` : `attribute ${name} of ${id}`;
    const resource = template.Resources[id];
    if (!resource) throw new Error(`The local run can not resolve the ${what}: the template has no such resource.`);
    const value = attribute(id, resource, name);
    if (value === undefined) throw new Error(`The local run does not know the ${what} (${resource.Type}).`);
    return value;
  }

  function substitute(name: string, variables: Record<string, unknown>): unknown {
    if (name in variables) return variables[name];
    const [id, attributeName] = splitOnce(name, '.');
    return attributeName === '' ? reference(name) : attributeOf(id, attributeName);
  }

  return resolve;
}

function splitOnce(text: string, delimiter: string): [string, string] {
  const at = text.indexOf(delimiter);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + delimiter.length)];
}
