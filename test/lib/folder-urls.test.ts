import { runInNewContext } from 'node:vm';
import { folderUrlCode } from '../../lib/app/folder-urls';
import { only, synthesized } from './templates';

interface Request {
  readonly uri: string;
  readonly querystring?: object;
}

/** What CloudFront asks the origin for, as it runs the function. */
function rewritten(request: Request, code = folderUrlCode('index.html')): Request {
  return runInNewContext(`${code}; handler(event)`, { event: { request: { method: 'GET', ...request } } });
}

test.each([
  ['/', '/index.html'],
  ['/docs/', '/docs/index.html'],
  ['/docs', '/docs/index.html'],
  ['/docs/a/b', '/docs/a/b/index.html'],
  ['/v1.2/docs', '/v1.2/docs/index.html'],
  ['/v1.2/', '/v1.2/index.html'],
  ['/caf%C3%A9', '/caf%C3%A9/index.html'],
  ['/index.html', '/index.html'],
  ['/docs/index.html', '/docs/index.html'],
  ['/style.css', '/style.css'],
  ['/.well-known/a.json', '/.well-known/a.json'],
])('%s is answered with %s', (uri, expected) => {
  expect(rewritten({ uri }).uri).toBe(expected);
});

test('the answer is a request, not a redirect, and asking again changes nothing', () => {
  const once = rewritten({ uri: '/docs' });
  expect(once).toEqual({ method: 'GET', uri: '/docs/index.html' });
  expect(rewritten(once)).toEqual(once);
});

test('the query string stays', () => {
  const querystring = { page: { value: '2' }, tag: { value: 'a/b' } };
  expect(rewritten({ uri: '/docs/', querystring })).toMatchObject({ uri: '/docs/index.html', querystring });
});

test.each([
  ['home.htm', '/docs/home.htm'],
  ['démarrer.html', '/docs/d%C3%A9marrer.html'],
  [`a'"\\b.html`, `/docs/a'%22%5Cb.html`],
])('the index document may be %s', (document, expected) => {
  expect(rewritten({ uri: '/docs' }, folderUrlCode(document)).uri).toBe(expected);
});

test('it is the code of the complete site, within the 10 KB of CloudFront', () => {
  const { FunctionCode: code } = only(synthesized({ indexDocument: 'home.htm' }), 'AWS::CloudFront::Function');
  expect(rewritten({ uri: '/docs/' }, code as string).uri).toBe('/docs/home.htm');
  expect((code as string).length).toBeLessThan(10_240);
});
