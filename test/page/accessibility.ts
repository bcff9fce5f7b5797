import { readFileSync } from 'node:fs';
import type { Tab } from '../../scripts/browser';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What stands in the way of who cannot see well, hear or use a mouse, as axe-core tells. */
export async function violations(tab: Tab): Promise<unknown[]> {
  await tab.evaluate(`if (!window.axe) { ${AXE} }; 0`);
  return tab.evaluate<unknown[]>(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => [html, failureSummary])]))',
  );
}

/** Prefers a color scheme, and no motion. */
export async function prefer(tab: Tab, scheme: 'light' | 'dark'): Promise<void> {
  await tab.send('Emulation.setEmulatedMedia', {
    features: [
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ],
  });
}

/** An expression: what sticks out of the window, of its card, or of what it is in, so that one would scroll sideways. */
export const STICKING_OUT = `(() => {
  // Of a table without columns, the heads are for who listens.
  const isHidden = (each) => each.closest('thead') && each.closest('table').querySelector('tr').clientWidth <= 1;
  const name = (each) => each.tagName + '#' + each.id + ' ' + each.textContent.slice(0, 40);
  const CARDS = '.drawing, .card, .pair > section, fieldset, #now div, #next, #tour';
  return Array.from(document.querySelectorAll('body *'))
    .filter((each) => each.getClientRects().length > 0 && !isHidden(each))
    .filter((each) => {
      const { left, right } = each.getBoundingClientRect();
      const card = each.parentElement.closest(CARDS) ?? document.documentElement;
      const around = card.getBoundingClientRect();
      const scrolls = getComputedStyle(each).display !== 'inline' && each.scrollWidth > each.clientWidth + 1;
      return left < around.left - 0.5 || right > around.right + 0.5 || right > innerWidth || scrolls;
    })
    .map(name);
})()`;
