/** A line of a log as CloudWatch Logs Insights finds it: its fields by name, elements of lists as `paths.0`. */
type Row = Readonly<Record<string, unknown>>;

/**
 * Runs a query of Logs Insights over lines of JSON, as far as our queries go:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 *
 * @throws Error for what it does not know, and for a field that no line has: Logs Insights would leave its column empty
 */
export function runQuery(query: string, lines: readonly string[]): Row[] {
  let rows: Row[] = lines.map(rowOf);
  for (const command of query.split(/\s*\n\|\s*/)) {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/s.exec(command) ?? [];
    const run = COMMANDS[name];
    if (!run) throw new Error(`Not known here: ${command}`);
    rows = run(rest.trim(), rows);
  }
  return rows;
}

const COMMANDS: Readonly<Record<string, (rest: string, rows: Row[]) => Row[]>> = {
  fields(rest, rows) {
    const [, of = '', name = ''] = /^datefloor\((@?\w+), 1d\) as (\w+)$/.exec(rest) ?? [];
    return checked([of], rows).map((row) => ({ ...row, [name]: String(row[of]).slice(0, 'YYYY-MM-DD'.length) }));
  },
  filter: (rest, rows) => rows.filter(parseFilter(rest)),
  stats(rest, rows) {
    const [, aggregates = '', by = ''] = /^(.*) by (.*)$/.exec(rest) ?? [];
    const names = checked2(by.split(', '), rows);
    const groups = Map.groupBy(rows, (row) => JSON.stringify(names.map((name) => row[name])));
    const columns = aggregates.split(/, (?=\w+\()/).map((text) => parseAggregate(text, rows));
    return Array.from(groups.values(), (group) => ({
      ...Object.fromEntries(names.map((name) => [name, group[0]?.[name]])),
      ...Object.fromEntries(columns.map(({ name, of }) => [name, of(group)])),
    }));
  },
  sort(rest, rows) {
    const [, by = ''] = /^(@?\w+) desc$/.exec(rest) ?? [];
    return checked([by], rows).toSorted((a, b) => compare(b[by], a[by]));
  },
  limit: (rest, rows) => rows.slice(0, Number(rest)),
  display(rest, rows) {
    const names = checked2(rest.split(', '), rows);
    return rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));
  },
};

function rowOf(line: string): Row {
  // Lambda's own lines call it time.
  const { timestamp, time = timestamp, ...fields } = JSON.parse(line);
  return { '@timestamp': time, '@message': line, ...flat(fields, '') };
}

function flat(value: object, prefix: string): Row {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      typeof each === 'object' && each !== null
        ? Object.entries(flat(each, `${prefix}${name}.`))
        : [[prefix + name, each]],
    ),
  );
}

/** The rows, of which at least one has each of the fields. */
function checked(fields: readonly string[], rows: Row[]): Row[] {
  for (const field of fields) {
    if (!rows.some((row) => row[field] !== undefined)) throw new Error(`No line has the field ${field}`);
  }
  return rows;
}

function checked2(fields: readonly string[], rows: Row[]): readonly string[] {
  checked(fields, rows);
  return fields;
}

/** `and` binds tighter than `or`; ours have no parentheses. */
function parseFilter(text: string): (row: Row) => boolean {
  const alternatives = text
    .replace(/^\((.*)\)$/, '$1')
    .split(' or ')
    .map((each) => each.split(' and ').map(parseComparison));
  return (row) => alternatives.some((all) => all.every((holds) => holds(row)));
}

function parseComparison(text: string): (row: Row) => boolean {
  const [, field = '', operator = '', value = ''] = /^(@?[\w.]+) (=|like|in) (.*)$/.exec(text) ?? [];
  const [, string] = /^'([^']*)'$/.exec(value) ?? [];
  if (operator === '=' && string !== undefined) return (row) => row[field] === string;
  if (operator === 'like' && string !== undefined) return (row) => String(row[field] ?? '').includes(string);
  const [, pattern] = /^\/(.*)\/$/.exec(value) ?? [];
  if (operator === 'like' && pattern) return (row) => new RegExp(pattern).test(String(row[field] ?? ''));
  const [, list] = /^\[('[^']*'(?:, '[^']*')*)\]$/.exec(value) ?? [];
  if (operator === 'in' && list) return (row) => list.slice(1, -1).split("', '").includes(String(row[field]));
  throw new Error(`Not known here: ${text}`);
}

function parseAggregate(text: string, rows: Row[]): { name: string; of: (group: Row[]) => unknown } {
  const [, aggregate = '', field = '', factor = '1', name = ''] =
    /^(\w+)\(([@\w.*]+)\)(?: \* ([\d.]+))? as (\w+)$/.exec(text) ?? [];
  const of = AGGREGATES[aggregate];
  if (!of) throw new Error(`Not known here: ${text}`);
  if (field !== '*') checked([field], rows);
  return {
    name,
    of(group) {
      const value = of(group.toSorted((a, b) => compare(a['@timestamp'], b['@timestamp'])).map((row) => row[field]));
      return factor === '1' ? value : Number(value) * Number(factor);
    },
  };
}

/** Over the values of a field, the oldest first. */
const AGGREGATES: Readonly<Record<string, (values: unknown[]) => unknown>> = {
  count: (values) => values.length,
  sum: (values) => values.reduce<number>((sum, each) => sum + Number(each), 0),
  max: (values) => Math.max(...values.map(Number)),
  latest: (values) => values.at(-1),
};

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}
