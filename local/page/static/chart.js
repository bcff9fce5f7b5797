import { element, svg } from './dom.js';
import { clock, count, number } from './format.js';

const WIDTH = 560;
const HEIGHT = 130;
const LEFT = 34;
const BOTTOM = 20;
const TOP = 8;

/** Milliseconds that it shows at most. */
const LONGEST = 5 * 60_000;

/** The pages that are stale, and those that have become fresh, over time. */
export function freshnessChart(all, now) {
  // What was true when the window begins is its first step.
  const from = all.findLastIndex(({ at }) => at <= now - LONGEST);
  const steps = from < 0 ? all : [{ ...all[from], at: now - LONGEST }, ...all.slice(from + 1)];
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) return [];
  const most = Math.max(1, ...steps.map(({ stale, fresh }) => Math.max(stale, fresh)));
  const span = Math.max(10_000, now - first.at);
  const x = (at) => (LEFT + ((at - first.at) / span) * (WIDTH - LEFT)).toFixed(1);
  const y = (value) => (TOP + (1 - value / most) * (HEIGHT - BOTTOM - TOP)).toFixed(1);
  const line = (value) => {
    const corners = steps.map((step) => `H${x(step.at)}V${y(value(step))}`).join('');
    return `M${x(first.at)} ${y(value(first))}${corners}H${x(now)}`;
  };
  const stale = `${line((step) => step.stale)}V${y(0)}H${x(first.at)}Z`;
  const highest = Math.max(...steps.map((step) => step.stale));
  const label = `Since ${clock(first.at)}, ${count(highest, 'page')} stale at most; ${count(last.stale, 'page')} stale now, ${count(last.fresh, 'page')} made fresh.`;
  const text = (at, value, anchor, words) =>
    svg('text', { x: String(at), y: String(value), 'text-anchor': anchor }, words);
  return [
    element(
      'p',
      { class: 'note' },
      element('i', { class: 'swatch line-stale' }),
      `${number(last.stale)} stale `,
      element('i', { class: 'swatch line-fresh' }),
      `${number(last.fresh)} made fresh, of up to 50 pages that are watched`,
    ),
    svg(
      'svg',
      {
        class: 'chart',
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        role: 'img',
        'aria-label': label,
      },
      svg('path', { class: 'axis', d: `M${LEFT} ${y(0)}H${WIDTH}M${LEFT} ${y(most)}H${WIDTH}` }),
      svg('path', { class: 'stale', d: stale }),
      svg('path', { class: 'fresh', d: line((step) => step.fresh) }),
      text(LEFT - 6, Number(y(most)) + 5, 'end', String(most)),
      text(LEFT - 6, Number(y(0)) + 2, 'end', '0'),
      text(LEFT, HEIGHT - 4, 'start', clock(first.at)),
      text(WIDTH, HEIGHT - 4, 'end', clock(now)),
    ),
  ];
}
