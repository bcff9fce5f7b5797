import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { closeServer, createLoopbackServer, listenOnLoopback, type Port } from '../loopback';

/** What the page's server needs. */
export interface PageSource {
  snapshot(): unknown;
  /** The tree of a batch, or of the bucket; undefined: there is no such batch. */
  tree(of: number | 'bucket'): unknown;
  /** What became of the objects whose keys hold a text. @default - nothing is known of any */
  stories?(text: string): unknown;
  /** The paths of an invalidation; undefined: there is no such invalidation. @default - there is none */
  pathsOf?(invalidationId: string): unknown;
  /** Called when the first watcher comes, and when the last one is gone. */
  onWatched(watched: boolean): void;
}

export interface PageServer {
  readonly url: string;
  readonly port: number;
  /** Sends a snapshot to whoever watches, soon: several calls may be one. */
  tell(): void;
  close(): Promise<void>;
}

/** Milliseconds between two snapshots. */
const INTERVAL = 300;

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

const TYPES: Readonly<Record<string, string>> = {
  '/': 'text/html; charset=utf-8',
  '/page.css': 'text/css; charset=utf-8',
  '/icon.svg': 'image/svg+xml',
};

/** All files that there are: a request chooses among them, and never reaches the file system. */
const FILES = new Map(
  [
    '/',
    '/page.css',
    '/icon.svg',
    ...['page', 'dom', 'format', 'tree', 'chart', 'batches', 'tables', 'next', 'stories', 'paths', 'tour'].map(
      (name) => `/${name}.js`,
    ),
  ].map((path) => {
    const file = path === '/' ? 'index.html' : path.slice(1);
    return [
      path,
      {
        type: TYPES[path] ?? 'text/javascript; charset=utf-8',
        body: readFileSync(join(__dirname, 'static', file)),
      },
    ];
  }),
);

/** Starts the page beside the local run: files, a stream of snapshots, and trees by request. On loopback only. */
export async function startPageServer(source: PageSource, port: Port = 0): Promise<PageServer> {
  const watchers = new Set<ServerResponse>();
  let timer: NodeJS.Timeout | undefined;

  function watch(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
    response.write(message(source.snapshot()));
    watchers.add(response);
    if (watchers.size === 1) source.onWatched(true);
    request.once('close', () => {
      watchers.delete(response);
      if (watchers.size === 0) source.onWatched(false);
    });
  }

  function respond(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    const file = FILES.get(path);
    if (request.method !== 'GET') refuse(response, 405);
    else if (file) send(response, file.type, file.body);
    else if (path === '/events') watch(request, response);
    else if (path === '/snapshot') send(response, JSON_TYPE, JSON.stringify(source.snapshot()));
    else {
      const found = treeOf(path) ?? storiesOf(path) ?? invalidationPathsOf(path);
      if (found === undefined) refuse(response, 404);
      else send(response, JSON_TYPE, JSON.stringify(found));
    }
  }

  function treeOf(path: string): unknown {
    const [, which] = /^\/trees\/(bucket|\d{1,9})$/.exec(path) ?? [];
    if (which === undefined) return undefined;
    return source.tree(which === 'bucket' ? which : Number(which));
  }

  function storiesOf(path: string): unknown {
    const [, text] = /^\/stories\?holding=([^&#]{0,4000})$/.exec(path) ?? [];
    if (text === undefined) return undefined;
    try {
      return source.stories?.(decodeURIComponent(text)) ?? [];
    } catch (error) {
      if (error instanceof URIError) return undefined;
      throw error;
    }
  }

  function invalidationPathsOf(path: string): unknown {
    const [, id] = /^\/invalidations\/(\w{1,64})$/.exec(path) ?? [];
    return id === undefined ? undefined : source.pathsOf?.(id);
  }

  const server = createLoopbackServer((request, response) => {
    try {
      respond(request, response);
    } catch {
      // The reason is not for the client.
      if (response.headersSent) response.destroy();
      else refuse(response, 500);
    }
  });
  const listening = await listenOnLoopback(server, port, 'The page');
  return {
    url: `http://127.0.0.1:${listening}/`,
    port: listening,
    tell() {
      if (watchers.size === 0 || timer) return;
      timer = setTimeout(() => {
        timer = undefined;
        const said = message(source.snapshot());
        // Who does not read on gets the next one.
        for (const watcher of watchers) if (!watcher.writableNeedDrain) watcher.write(said);
      }, INTERVAL);
    },
    close() {
      clearTimeout(timer);
      return closeServer(server);
    },
  };
}

const JSON_TYPE = 'application/json; charset=utf-8';

function message(snapshot: unknown): string {
  return `data: ${JSON.stringify(snapshot)}\n\n`;
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': type });
  response.end(body);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${REFUSALS[status] ?? 'Not answered'}.\n`);
}

const REFUSALS: Readonly<Record<number, string>> = {
  404: 'There is no such page',
  405: 'There is nothing to change here',
};
