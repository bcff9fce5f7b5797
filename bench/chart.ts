import { ratios, type Score } from './score';

const WIDTH = 760;
const ROW = 30;
const LABEL = 230;
const BAR = WIDTH - LABEL - 70;

/** A bar for each rule, as long as the logarithm of what it costs compared with the optimum. Readable on light and on dark. */
export function chartOf(scores: readonly Score[], optimum: Score): string {
  const rows = scores
    .filter((score) => score !== optimum)
    .map((score) => ({ rule: score.rule.replaceAll('`', ''), ratio: ratios(score, optimum).overall }))
    .sort((a, b) => b.ratio - a.ratio);
  const most = Math.log(Math.max(...rows.map(({ ratio }) => ratio)) * 1.1);
  const bars = rows.map(({ rule, ratio }, at) => {
    const y = 40 + at * ROW;
    const width = Math.max(2, (Math.log(ratio) / most) * BAR);
    const fill = rule.startsWith('this planner') ? '#2f9e6e' : '#8b949e';
    return [
      `<text x="${LABEL - 10}" y="${y + 15}" text-anchor="end">${escapeXml(rule)}</text>`,
      `<rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="20" rx="3" fill="${fill}"/>`,
      `<text x="${(LABEL + width + 8).toFixed(1)}" y="${y + 15}">${ratio.toFixed(2)}</text>`,
    ].join('');
  });
  const height = 50 + rows.length * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="What each rule costs, as a multiple of the optimum">
<style>text{font:13px system-ui,sans-serif;fill:#57606a}@media(prefers-color-scheme:dark){text{fill:#c9d1d9}}</style>
<text x="${LABEL}" y="22">cost / optimum (logarithmic; 1 is the least possible)</text>
${bars.join('\n')}
</svg>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
