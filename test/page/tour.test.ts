import type { LocalRecord } from '../../local/page/record';
import type { PageServer } from '../../local/page/server';
import type { Tab } from '../../scripts/browser';
import { TOUR } from '../docs/tour-stops';
import { prefer, STICKING_OUT, violations } from './accessibility';
import { deploy } from './deploy';
import { inBrowser, open, resize, startRecord, textOf, useBrowser } from './in-browser';

useBrowser();

let record: LocalRecord;
let server: PageServer;

beforeEach(async () => {
  ({ record, server } = await startRecord());
});

afterEach(() => server.close());

const isOpen = "document.querySelector('#tour').open";
const focused = 'document.activeElement.id';
const isOver = "!document.querySelector('#tour').open && !document.querySelector('.toured')";
const click = (id: string) => `document.querySelector('#${id}').click()`;

async function openTour(): Promise<Tab> {
  deploy(
    record,
    Array.from({ length: 300 }, (_, at) => `docs/${at % 7}/${at}.html`),
    ['/docs/*'],
  );
  const tab = await open(server.url);
  await tab.until("document.querySelectorAll('#tree tbody tr').length > 0");
  await tab.evaluate("document.querySelector('#start-tour').focus()");
  await tab.press('Enter');
  await tab.until(isOpen);
  return tab;
}

inBrowser('the tour is on demand, goes by keyboard through all stops, and gives the focus back', async () => {
  const tab = await openTour();
  for (const [at, { title, text, anchor }] of TOUR.entries()) {
    expect(await tab.evaluate(focused)).toBe('tour-on');
    const shown = await tab.evaluate<string>(textOf('#tour'));
    expect(shown).toContain(`${at + 1} of ${TOUR.length}`);
    expect(shown.replaceAll(/\s+/g, ' ')).toContain(`${title} ${text}`);
    for (const other of TOUR) if (other !== TOUR[at]) expect(shown).not.toContain(other.title);
    // The panel that it tells of is bright, alone, and in sight.
    expect(await tab.evaluate("Array.from(document.querySelectorAll('.toured'), ({ id }) => id)")).toEqual([anchor]);
    expect(await tab.evaluate(`${rect('.toured')}.top >= 0 && ${rect('.toured')}.top < innerHeight - 100`)).toBe(true);
    await tab.press('Enter');
  }
  await tab.until(isOver);
  expect(await tab.evaluate(focused)).toBe('start-tour');
  expect(await tab.evaluate(`${rect('#start-tour')}.top >= 0`)).toBe(true);
});

inBrowser('Escape ends the tour at any stop, and it begins again at the first', async () => {
  const tab = await openTour();
  await tab.press('Enter');
  await tab.press('Enter');
  await tab.until(`${textOf('#tour-position')} === '3 of ${TOUR.length}'`);
  await tab.press('Escape');
  await tab.until(isOver);
  expect(await tab.evaluate(focused)).toBe('start-tour');
  await tab.press('Enter');
  await tab.until(`${isOpen} && ${textOf('#tour-position')} === '1 of ${TOUR.length}'`);
  await tab.evaluate(click('tour-close'));
  await tab.until(isOver);
});

inBrowser('it goes back, and at the first stop the focus is not lost', async () => {
  const tab = await openTour();
  expect(await tab.evaluate("document.querySelector('#tour-back').hidden")).toBe(true);
  await tab.press('Enter');
  await tab.evaluate("document.querySelector('#tour-back').focus()");
  await tab.press('Enter');
  await tab.until(`${textOf('#tour-position')} === '1 of ${TOUR.length}'`);
  expect(await tab.evaluate(focused)).toBe('tour-on');
});

inBrowser('on each screen each stop is whole, beside its panel where there is room, and in nobody’s way', async () => {
  const tab = await openTour();
  await tab.press('Escape');
  await tab.until(isOver);
  for (const scheme of ['light', 'dark'] as const) {
    for (const [width, isMobile] of [
      [1240, false],
      [390, true],
      [320, true],
    ] as const) {
      await resize(tab, width, 844, isMobile);
      await prefer(tab, scheme);
      await tab.evaluate(click('start-tour'));
      for (const { anchor } of TOUR) {
        const at = { scheme, width, anchor };
        expect({ ...at, violations: await violations(tab) }).toEqual({ ...at, violations: [] });
        expect({ ...at, out: await tab.evaluate(STICKING_OUT) }).toEqual({ ...at, out: [] });
        const { tour, panel, height } = await tab.evaluate<Places>(
          `({ tour: ${rect('#tour')}, panel: ${rect('.toured')}, height: innerHeight })`,
        );
        expect({ ...at, isWhole: isInside(tour, width, height) }).toEqual({ ...at, isWhole: true });
        // If not, the panel's beginning is to be seen.
        const isBeside = tour.top >= panel.bottom || tour.bottom <= panel.top || tour.right <= panel.left;
        expect({ ...at, isClear: isBeside || tour.top > panel.top + 100 }).toEqual({ ...at, isClear: true });
        await tab.evaluate(click('tour-on'));
      }
      await tab.until(isOver);
    }
  }
});

inBrowser('it follows its panel when news move it, and when the window is scrolled', async () => {
  const tab = await openTour();
  await resize(tab, 1240, 1000);
  for (let stop = 1; stop < TOUR.length; stop += 1) await tab.press('Enter');
  const distance = `${rect('#tour')}.bottom - ${rect('.toured')}.top`;
  expect(await tab.evaluate(distance)).toBe(-10);
  const before = await tab.evaluate<number>('document.body.scrollHeight');
  record.stale({ path: '/docs/', eTag: 'e', changedAt: 0 });
  record.stale({ path: '/docs/0/', eTag: 'e', changedAt: 0 });
  record.stale({ path: '/docs/1/', eTag: 'e', changedAt: 0 });
  await tab.until(`document.body.scrollHeight > ${before}`);
  await tab.until(`${distance} === -10`);
  await tab.evaluate('scrollBy(0, -50)');
  await tab.until(`${distance} === -10`);
});

inBrowser('who listens hears which stop it is, by its title and its text', async () => {
  const tab = await openTour();
  await tab.press('Enter');
  const { nodes } = (await tab.send('Accessibility.getFullAXTree')) as { nodes: AXNode[] };
  const dialog = nodes.find(({ role }) => role?.value === 'dialog');
  expect([dialog?.name?.value, dialog?.description?.value]).toEqual([TOUR[1]?.title, TOUR[1]?.text]);
  // All else is not there meanwhile.
  expect(nodes.some(({ role, ignored }) => role?.value === 'searchbox' && !ignored)).toBe(false);
});

function isInside({ top, bottom, left, right }: Box, width: number, height: number): boolean {
  return left >= 0 && right <= width && top >= 0 && bottom <= height;
}

interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

interface Places {
  readonly tour: Box;
  readonly panel: Box;
  readonly height: number;
}

interface AXNode {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly description?: { readonly value: string };
}

function rect(selector: string): string {
  return `document.querySelector('${selector}').getBoundingClientRect().toJSON()`;
}
