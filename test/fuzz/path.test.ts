import * as fc from 'fast-check';
import { aliasPathFault } from '../../lambda/contract/alias-pattern';
import { aliasesBy } from '../../lambda/paths/alias';
import { matcher } from '../../lambda/paths/alias-matcher';
import { withQueryStrings } from '../../lambda/paths/query-strings';
import { viewerPaths } from '../../lambda/paths/viewer-path';
import { invalidates, isWildcard, pathFault } from '../../local/cloudfront/path-rules';
import { EFFORT, PATIENCE } from '../effort';
import { anyKey, anyText } from './anything';

jest.setTimeout(PATIENCE);

const RUNS = { numRuns: EFFORT.fuzzRuns };
const indexDocument = fc.constantFrom('', 'index.html', 'a', '~', 'é*');

test('whatever the key, every path is one that CloudFront takes', () => {
  fc.assert(
    fc.property(anyKey, fc.constantFrom('', '/docs'), indexDocument, (key, originPath, document) => {
      const paths = viewerPaths(originPath === '' ? key : `docs/${key}`, originPath, document);
      expect(paths.length).toBeGreaterThan(0);
      expect(paths.map(pathFault).filter(Boolean)).toEqual([]);
    }),
    RUNS,
  );
});

test('whatever the key, what a viewer has cached under it is dropped', () => {
  fc.assert(
    fc.property(anyKey, indexDocument, (key, document) => {
      // What S3 cannot hold, no viewer is served.
      fc.pre(key.isWellFormed());
      const paths = viewerPaths(key, '', document);
      const asked = `/${encodeURI(key).replaceAll('#', '%23').replaceAll('?', '%3F')}`;
      for (const url of [asked, asked.replaceAll('+', '%2B'), asked.replaceAll('%20', '+')]) {
        expect(paths.some((path) => invalidates(path, url))).toBe(true);
      }
    }),
    RUNS,
  );
});

test('with query strings, too, and what is cached under them is dropped', () => {
  const query = fc.stringMatching(/^[\w=&?%/.-]{0,12}$/);
  fc.assert(
    fc.property(anyKey, indexDocument, query, (key, document, search) => {
      const plain = viewerPaths(key, '', document);
      const paths = plain.flatMap(withQueryStrings);
      expect(paths.map(pathFault).filter(Boolean)).toEqual([]);
      for (const path of plain.filter((each) => !isWildcard(each))) {
        for (const url of [path, `${path}?${search}`]) expect(paths.some((each) => invalidates(each, url))).toBe(true);
      }
    }),
    RUNS,
  );
});

test('whatever the key and the rule, every alias is a path that CloudFront takes, and covers what it stands for', () => {
  const patterns = fc.constantFrom('{a+}', '{a}', '{a+}/{b}', 'a{a+}', '{a}.{b+}', 'é{a+}é', '%{a+}');
  const template = fc
    .array(fc.oneof(fc.constantFrom('{a}', '{b}', '/', '-', '?', '%C3%A9', '%2F', '*'), anyText), { maxLength: 6 })
    .map((pieces) => `/${pieces.join('')}`);
  fc.assert(
    fc.property(anyKey, patterns, fc.array(template, { minLength: 1, maxLength: 4 }), (key, pattern, templates) => {
      const paths = templates.filter((path) => aliasPathFault(path, pattern) === undefined);
      const aliases = aliasesBy([{ pattern, paths }])(key).flatMap(withQueryStrings);
      expect(aliases.map(pathFault).filter(Boolean)).toEqual([]);
      // Names to list are read out of them.
      for (const alias of aliases) expect(() => decodeURIComponent(alias)).not.toThrow();
      const value = matcher(pattern)(key)?.get('a');
      if (value === undefined || !key.isWellFormed()) return;
      const url = `/x/${encodeURI(value).replaceAll('#', '%23').replaceAll('?', '%3F')}-1`;
      const [covering] = aliasesBy([{ pattern, paths: ['/x/{a}-*'] }])(key);
      expect(invalidates(covering as string, url)).toBe(true);
    }),
    RUNS,
  );
});

test('the first path leads back to the key, by itself or as a wildcard', () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      fc.pre(key.isWellFormed());
      const [path = ''] = viewerPaths(key, '', '');
      const served = decodeURIComponent(path.slice(1).replace(/\*$/, ''));
      if (path.endsWith('*')) expect(key.startsWith(served)).toBe(true);
      else expect(served).toBe(key);
    }),
    RUNS,
  );
});
