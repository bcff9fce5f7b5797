import { randomUUID } from 'node:crypto';
import { createContext, Script } from 'node:vm';

/** A request of a viewer, as a function sees it. */
export interface ViewerRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly distribution: string;
}

/** What a function makes of a request: it goes on, under this path, or is answered. */
export type ViewerResult =
  | { readonly kind: 'request'; readonly path: string }
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    };

export type ViewerFunction = (request: ViewerRequest) => Promise<ViewerResult>;

/** Milliseconds for a function to run; CloudFront gives it less than one. */
const LONGEST_RUN = 1_000;

/**
 * A CloudFront Function of the event viewer-request, from its code: its `handler` is called with an event as CloudFront's. Of the
 * request that it returns, the path counts.
 *
 * It runs in a realm of its own, which is no prison: it is the code of the user's own template.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
export function viewerFunction(code: string): ViewerFunction {
  // Only text passes between the realms.
  const script = new Script(`${code}\n;(async () => JSON.stringify(await handler(JSON.parse(event))))()`);
  return async (request) => {
    const event = JSON.stringify(eventOf(request));
    const realm = createContext({ event, console: { log() {}, error() {} } });
    const returned: unknown = JSON.parse((await script.runInContext(realm, { timeout: LONGEST_RUN })) ?? 'null');
    return resultOf(returned);
  };
}

interface Value {
  readonly value: string;
  readonly multiValue?: readonly Value[];
}

function eventOf({ method, path, query, headers, distribution }: ViewerRequest): object {
  const cookies = [headers.cookie ?? []].flat().flatMap((header) => header.split(/; */));
  const others = Object.entries(headers).filter(([name]) => name !== 'cookie');
  return {
    version: '1.0',
    context: {
      distributionDomainName: `${distribution.toLowerCase()}.cloudfront.net`,
      distributionId: distribution,
      eventType: 'viewer-request',
      requestId: randomUUID(),
    },
    viewer: { ip: '127.0.0.1' },
    request: {
      method,
      uri: path,
      querystring: valuesOf((query ?? '').split('&').filter(Boolean).map(pairOf)),
      headers: valuesOf(others.flatMap(([name, value]) => [value ?? []].flat().map((each): Pair => [name, each]))),
      cookies: valuesOf(cookies.filter(Boolean).map(pairOf)),
    },
  };
}

type Pair = readonly [name: string, value: string];

function pairOf(text: string): Pair {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A name that is there more than once has all its values. */
function valuesOf(pairs: readonly Pair[]): Record<string, Value> {
  const grouped = Map.groupBy(pairs, ([name]) => name);
  return Object.fromEntries(
    Array.from(grouped, ([name, all]) => {
      const values = all.map(([, value]) => ({ value }));
      return [name, { value: values[0]?.value ?? '', ...(values.length > 1 && { multiValue: values }) }];
    }),
  );
}

function resultOf(returned: unknown): ViewerResult {
  const { uri, statusCode, headers = {}, body } = (returned ?? {}) as Partial<Returned>;
  if (typeof statusCode === 'number') {
    const plain = Object.entries(headers).map(([name, { value }]) => [name, value] as const);
    const text = typeof body === 'string' ? body : (body?.data ?? '');
    return { kind: 'response', status: statusCode, headers: Object.fromEntries(plain), body: text };
  }
  if (typeof uri === 'string' && uri.startsWith('/')) return { kind: 'request', path: uri };
  throw new Error('the function returned neither a request, whose uri begins with a slash, nor a response');
}

/** A request or a response. */
interface Returned {
  readonly uri: string;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, Value>>;
  readonly body: string | { readonly data: string };
}
