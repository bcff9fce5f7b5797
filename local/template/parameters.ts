import type { Parameter, Template } from './intrinsics';

/**
 * A template whose parameters have the values that a deployment gives them, checked as CloudFormation checks them.
 *
 * @throws an Error that names the parameter, what it must be, and the value
 */
export function withParameters(template: Template, values: Readonly<Record<string, string>>): Template {
  const { Parameters = {} } = template;
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(Parameters, name)) throw new Error(`The template has no parameter ${name}.`);
  }
  const given = Object.entries(Parameters).map(([name, parameter]) => {
    const value = values[name] ?? parameter.Default;
    if (value === undefined) throw new Error(`The parameter ${name} has no default, and no value is given.`);
    return [name, { ...parameter, Default: checked(name, parameter, String(value)) }];
  });
  return { ...template, Parameters: Object.fromEntries(given) };
}

function checked(name: string, parameter: Parameter, value: string): string | string[] {
  const isList = parameter.Type === 'CommaDelimitedList';
  const all = isList ? value.split(',').map((each) => each.trim()) : [value];
  for (const each of all) {
    const fault = faultOf(parameter, each);
    if (fault) throw new Error(`The parameter ${name} ${fault}, but it is ${JSON.stringify(each)}.`);
  }
  return isList ? all : value;
}

function faultOf(parameter: Parameter, value: string): string | undefined {
  const { Type, AllowedValues, AllowedPattern = '.*', MinValue = -Infinity, MaxValue = Infinity } = parameter;
  const { MaxLength = Infinity } = parameter;
  if (AllowedValues && !AllowedValues.map(String).includes(value)) return `must be one of ${AllowedValues.join(', ')}`;
  if (!new RegExp(`^(?:${AllowedPattern})$`, 's').test(value)) {
    return parameter.ConstraintDescription ?? `must match ${AllowedPattern}`;
  }
  if (value.length > MaxLength) return `must have at most ${MaxLength} characters`;
  if (Type !== 'Number') return undefined;
  const number = Number(value);
  const isValid = value.trim() !== '' && number >= MinValue && number <= MaxValue;
  return isValid ? undefined : `must be a number from ${MinValue} to ${MaxValue}`;
}
