import { closeServer, createLoopbackServer, listenOnLoopback } from '../loopback';

/** Which paths of the distribution are the application's. */
export const APPLICATION_PATTERN = '/app/*';

/** Its pages. */
export const APPLICATION_PAGES: readonly string[] = [
  '/app/',
  ...['by-the-window', 'at-the-counter', 'under-the-stairs', 'in-the-yard', 'beside-the-oven'].map(
    (table) => `/app/tables/${table}`,
  ),
];

/** A small application behind the distribution, of which no object of the bucket is a part. */
export interface Application {
  readonly port: number;
  /** How often it was asked. */
  readonly requests: number;
  close(): Promise<void>;
}

/** Starts an application that makes each page anew, and says when: a page of the same time again comes from the cache. */
export async function startApplication(port = 0): Promise<Application> {
  let requests = 0;
  const server = createLoopbackServer((request, response) => {
    requests += 1;
    const path = request.url?.split('?', 1)[0] ?? '';
    const isPage = APPLICATION_PAGES.includes(path);
    response.writeHead(isPage ? 200 : 404, {
      'Content-Type': 'text/html; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(
      isPage ? page(path, requests) : '<!doctype html>\n<title>No such page</title>\n<p>No such page.</p>\n',
    );
  });
  const listening = await listenOnLoopback(server, port, 'The application');
  return {
    port: listening,
    get requests() {
      return requests;
    },
    close: () => closeServer(server),
  };
}

function page(path: string, request: number): string {
  const title = path === APPLICATION_PAGES[0] ? 'Book a table' : `The table ${nameOf(path)}`;
  const links = APPLICATION_PAGES.map((each) => `<a href="${each}">${nameOf(each) || 'All tables'}</a>`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${title} · Café at the Edge</title>
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    <nav><a href="/">Home</a> ${links.join(' ')}</nav>
    <main>
      <h1>${title}</h1>
      <p>The application made this page at <time>${new Date().toISOString()}</time>, its request number ${request}. While both
      stay as they are, the page comes from the cache: no change of the bucket concerns it.</p>
    </main>
  </body>
</html>
`;
}

function nameOf(path: string): string {
  return path.replace(/^\/app\/(tables\/)?/, '').replaceAll('-', ' ');
}
