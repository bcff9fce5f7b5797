/** What HCL says, as far as the docs use it: blocks, attributes, lists, objects, text, references and calls. */
export interface Body {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly blocks: readonly Block[];
}

interface Block extends Body {
  readonly type: string;
  readonly labels: readonly string[];
}

const TOKEN =
  /(?<space>[ \t]+|#.*)|(?<line>\n)|(?<text>"(?:[^"\\\n$]|\\.|\$\{[^}\n]*\}|\$(?!\{))*")|(?<name>[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)|(?<number>\d+)|(?<sign>[{}[\]()=,])/y;

interface Token {
  readonly kind: string;
  readonly text: string;
  readonly line: number;
}

/**
 * A strict reader of a small part of HCL.
 *
 * @throws an Error that names the line
 */
export function parseHcl(source: string): Body {
  const tokens = tokensOf(source);
  let at = 0;
  const peek = () => tokens[at] as Token;
  const fail = (what: string): never => {
    throw new Error(`HCL, line ${peek().line}: ${what}, but there is ${JSON.stringify(peek().text)}`);
  };
  const take = (wanted: string) => {
    const token = peek();
    if (token.kind !== wanted && token.text !== wanted) fail(`there must be ${JSON.stringify(wanted)}`);
    at += 1;
    return token.text;
  };
  const skipLines = () => {
    while (peek().kind === 'line') at += 1;
  };

  function body(end: string): Body {
    const attributes: Record<string, unknown> = {};
    const blocks: Block[] = [];
    for (skipLines(); peek().text !== end; skipLines()) {
      const name = take('name');
      if (name in attributes) fail(`${name} must be there once`);
      if (peek().text === '=') {
        take('=');
        attributes[name] = value();
      } else {
        const labels: string[] = [];
        while (peek().kind === 'text') labels.push(JSON.parse(take('text')));
        take('{');
        take('line');
        blocks.push({ type: name, labels, ...body('}') });
        take('}');
      }
      if (peek().text !== end) take('line');
    }
    return { attributes, blocks };
  }

  function value(): unknown {
    const { kind, text } = peek();
    if (kind === 'text') return JSON.parse(take('text'));
    if (kind === 'number') return Number(take('number'));
    if (text === '[') return list('[', ']');
    if (text === '{') {
      take('{');
      const { attributes } = body('}');
      take('}');
      return attributes;
    }
    const name = take('name');
    return peek().text === '(' ? { call: name, of: list('(', ')') } : { reference: name };
  }

  function list(start: string, end: string): unknown[] {
    const all: unknown[] = [];
    take(start);
    for (skipLines(); peek().text !== end; skipLines()) {
      all.push(value());
      skipLines();
      if (peek().text !== end) take(',');
    }
    take(end);
    return all;
  }

  return body('');
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (let at = 0; at < source.length; ) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(source);
    if (!found)
      throw new Error(`HCL, line ${line}: nothing of HCL's begins with ${JSON.stringify(source.slice(at, at + 10))}`);
    const [kind = '', text = ''] = Object.entries(found.groups ?? {}).find(([, each]) => each !== undefined) ?? [];
    if (kind !== 'space') tokens.push({ kind, text, line });
    if (kind === 'line') line += 1;
    at = TOKEN.lastIndex;
  }
  return [...tokens, { kind: 'line', text: '\n', line }, { kind: 'end', text: '', line }];
}
