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

/** One more, of what is booked: it changes with each booking, and no object does. */
export const BOOKINGS_PAGE = '/app/bookings';

/** A small application behind the distribution, of which no object of the bucket is a part. */
export interface Application {
  readonly port: number;
  /** How often it was asked. */
  readonly requests: number;
  /** Books a table, so that {@link BOOKINGS_PAGE} changes. */
  book(): void;
  close(): Promise<void>;
}

/** Starts an application that makes each page anew, and says when: a page of the same time again comes from the cache. */
export async function startApplication(port = 0): Promise<Application> {
  let requests = 0;
  let bookings = 0;
  const server = createLoopbackServer((request, response) => {
    requests += 1;
    const path = request.url?.split('?', 1)[0] ?? '';
    const body =
      path === BOOKINGS_PAGE
        ? page('Bookings', `So many tables are booked: ${bookings}.`)
        : APPLICATION_PAGES.includes(path)
          ? page(titleOf(path), madeNow(requests))
          : undefined;
    response.writeHead(body === undefined ? 404 : 200, {
      'Content-Type': 'text/html; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(body ?? '<!doctype html>\n<title>No such page</title>\n<p>No such page.</p>\n');
  });
  const listening = await listenOnLoopback(server, port, 'The application');
  return {
    port: listening,
    get requests() {
      return requests;
    },
    book() {
      bookings += 1;
    },
    close: () => closeServer(server),
  };
}

function titleOf(path: string): string {
  return path === APPLICATION_PAGES[0] ? 'Book a table' : `The table ${nameOf(path)}`;
}

function madeNow(request: number): string {
  return `The application made this page at <time>${new Date().toISOString()}</time>, its request number ${request}. While both
      stay as they are, the page comes from the cache: no change of the bucket concerns it.`;
}

function page(title: string, text: string): string {
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
      <p>${text}</p>
    </main>
  </body>
</html>
`;
}

function nameOf(path: string): string {
  return path.replace(/^\/app\/(tables\/)?/, '').replaceAll('-', ' ');
}
