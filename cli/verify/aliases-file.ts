import { aliasPathFault, aliasTagFault, patternFault } from '../../lambda/contract/alias-pattern';
import type { Alias } from '../../lambda/contract/environment';

/**
 * Reads rules as the option `aliases` of the construct has them, from JSON.
 *
 * @throws an Error that says in a sentence what is wrong, and where
 */
export function readAliases(json: string, where: string): Alias[] {
  const rules = parsed(json, where);
  if (!Array.isArray(rules)) throw new Error(`${where} must be a JSON array of rules, as the option aliases has them.`);
  return rules.map((rule, at) => readAlias(rule, `[${at}]`, where));
}

function parsed(json: string, where: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new Error(`${where} must be JSON: ${error instanceof Error ? error.message : error}.`);
  }
}

function readAlias(rule: unknown, at: string, where: string): Alias {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    throw new Error(`${where}: ${at} must be an object with a pattern, but it is ${JSON.stringify(rule)}.`);
  }
  const { pattern, paths = [], tags = [], ...others } = rule as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new Error(`${where}: ${at} has "${unknown}", but only pattern, paths and tags.`);
  const checked = text(pattern, `${at}.pattern`, patternFault, where);
  const alias = {
    pattern: checked,
    paths: texts(paths, `${at}.paths`, (path) => aliasPathFault(path, checked), where),
    tags: texts(tags, `${at}.tags`, (tag) => aliasTagFault(tag, checked), where),
  };
  if (alias.paths.length + alias.tags.length > 0) return alias;
  throw new Error(`${where}: ${at} must have at least one path or tag.`);
}

type FaultOf = (text: string) => string | undefined;

function texts(values: unknown, at: string, faultOf: FaultOf, where: string): string[] {
  if (!Array.isArray(values)) throw new Error(`${where}: ${at} must be an array, but it is ${JSON.stringify(values)}.`);
  return values.map((value, index) => text(value, `${at}[${index}]`, faultOf, where));
}

function text(value: unknown, at: string, faultOf: FaultOf, where: string): string {
  const fault = typeof value === 'string' ? faultOf(value) : 'must be text';
  if (typeof value === 'string' && fault === undefined) return value;
  throw new Error(`${where}: ${at} ${fault}, but it is ${JSON.stringify(value) ?? 'missing'}.`);
}
