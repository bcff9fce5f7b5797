import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from './pages';

const TELEMETRY = join(__dirname, '../../lambda/telemetry');

test('every message of the log has a row, and no other', () => {
  const sources = readdirSync(TELEMETRY).map((file) => readFileSync(join(TELEMETRY, file), 'utf8'));
  const logged = sources.flatMap((source) =>
    Array.from(source.matchAll(/\blogger(?:\.\w+|\[.*?\])\(\s*'([^']+)'/g), ([, message]) => message),
  );
  const [, section = ''] = /^## Messages$(.*?)^## /ms.exec(PAGES.get('docs/log.md') ?? '') ?? [];
  const told = Array.from(section.matchAll(/^\|([^|]*)\|/gm), ([, cell = '']) => cell)
    .flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, message]) => message))
    .toSorted();
  expect(told.length).toBeGreaterThan(10);
  expect(told).toEqual([...new Set(logged)].toSorted());
});
