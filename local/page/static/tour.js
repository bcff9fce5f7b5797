import { byId } from './dom.js';

/** Between the tour and what it tells of, and around it, in pixels. */
const GAP = 10;

const tour = byId('tour');
const stops = Array.from(byId('stops').children);
const back = byId('tour-back');
const on = byId('tour-on');
let at = 0;

/** Lets the tour begin with its button. It is a modal dialog: the browser keeps the focus in it, and gives it back. */
export function offerTour() {
  byId('start-tour').addEventListener('click', () => {
    tour.showModal();
    show(0);
  });
  back.addEventListener('click', () => show(at - 1));
  on.addEventListener('click', () => (at < stops.length - 1 ? show(at + 1) : tour.close()));
  byId('tour-close').addEventListener('click', () => tour.close());
  tour.addEventListener('close', () => {
    panel().classList.remove('toured');
    // There the focus is again, and below it the next step.
    byId('start-tour').scrollIntoView({ block: 'nearest' });
  });
  // What is drawn meanwhile moves what is below it.
  new ResizeObserver(place).observe(document.body);
  for (const event of ['resize', 'scroll']) addEventListener(event, place, { passive: true });
}

/** The panel that the stop tells of. */
function panel() {
  return byId(stops[at].dataset.at);
}

function show(next) {
  panel().classList.remove('toured');
  at = next;
  panel().classList.add('toured');
  for (const [index, stop] of stops.entries()) stop.hidden = index !== at;
  for (const [attribute, tag] of Object.entries({ labelledby: 'h2', describedby: 'p' })) {
    for (const each of tour.querySelectorAll(`#stops ${tag}`)) each.removeAttribute('id');
    const told = stops[at].querySelector(tag);
    told.id = `tour-${attribute}`;
    tour.setAttribute(`aria-${attribute}`, told.id);
  }
  byId('tour-position').textContent = `${at + 1} of ${stops.length}`;
  back.hidden = at === 0;
  on.textContent = at < stops.length - 1 ? 'Next' : 'Done';
  // A button that is hidden would lose the focus.
  if (at === 0 || !tour.contains(document.activeElement)) on.focus();
  panel().scrollIntoView({ block: 'start' });
  place();
}

/** Beside the panel, on the first side that has room; over its lower end, if none has. */
function place() {
  if (!tour.open) return;
  const { width, height } = tour.getBoundingClientRect();
  const { left, right, top, bottom } = panel().getBoundingClientRect();
  const lowest = innerHeight - height - GAP;
  const sides = [
    { x: left, y: bottom + GAP },
    { x: left, y: top - height - GAP },
    { x: left - width - GAP, y: top },
    { x: right + GAP, y: top },
  ];
  const hasRoom = ({ x, y }) => x >= GAP && x + width <= innerWidth - GAP && y >= GAP && y <= lowest;
  const { x, y } = sides.find(hasRoom) ?? { x: left, y: lowest };
  tour.style.left = `${clamp(x, innerWidth - width - GAP)}px`;
  tour.style.top = `${clamp(y, lowest)}px`;
}

function clamp(value, most) {
  return Math.max(GAP, Math.min(value, most));
}
