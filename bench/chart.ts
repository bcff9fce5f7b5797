import { REFETCHES_PER_PATH, ratios, type Score } from './score';

const WIDTH = 760;
const TOP = 70;
const ROW = 42;
const BAR_HEIGHT = 26;
const LABEL = 400;
const BAR = WIDTH - LABEL - 80;
const TICKS = [1, 10, 100];

/** A bar for each rule, as long as the logarithm of its cost compared with the optimum. Readable on light and on dark. */
export function chartOf(scores: readonly Score[], optimum: Score): string {
  const rows = scores
    .filter((score) => score !== optimum)
    .map((score) => ({ ...score, ratio: ratios(score, optimum).overall }))
    .sort((a, b) => b.ratio - a.ratio);
  const most = Math.log(Math.max(...rows.map(({ ratio }) => ratio)) * 1.1);
  const lengthOf = (ratio: number) => (Math.log(ratio) / most) * BAR;
  const height = TOP + rows.length * ROW + 10;
  const ticks = TICKS.filter((tick) => Math.log(tick) <= most).map((tick) => {
    const x = (LABEL + lengthOf(tick)).toFixed(1);
    const line = `<path d="M${x} ${TOP - 8}V${height - 10}" stroke="#8b949e" stroke-opacity=".4"/>`;
    return `${line}<text x="${x}" y="${TOP - 14}" text-anchor="middle">${tick} ×</text>`;
  });
  const bars = rows.map(({ rule, meaning, ratio }, at) => {
    const y = TOP + at * ROW;
    const width = Math.max(2, lengthOf(ratio));
    const fill = rule.startsWith('this ') ? '#2f9e6e' : '#8b949e';
    return [
      `<text x="${LABEL - 10}" y="${y + 11}" text-anchor="end" class="rule">${readable(rule)}</text>`,
      `<text x="${LABEL - 10}" y="${y + 26}" text-anchor="end" class="meaning">${readable(meaning)}</text>`,
      `<rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="3" fill="${fill}"/>`,
      `<text x="${(LABEL + width + 8).toFixed(1)}" y="${y + 18}">${ratio.toFixed(2)} ×</text>`,
    ].join('');
  });
  const title = `Cost: paths + unchanged objects evicted / ${REFETCHES_PER_PATH}`;
  const axis = 'As a multiple of the least cost possible; the scale is logarithmic';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="The cost of each rule, as a multiple of the least cost possible">
<style>text{font:13px system-ui,sans-serif;fill:#57606a}.rule,.title{font-weight:600}.meaning{font-size:11px}@media(prefers-color-scheme:dark){text{fill:#c9d1d9}}</style>
<text x="10" y="18" class="title">${title}</text>
<text x="10" y="36">${axis}</text>
${ticks.join('\n')}
${bars.join('\n')}
</svg>
`;
}

function readable(text: string): string {
  return text.replaceAll('`', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
