/**
 * An element. Text goes in as text, never as markup: keys are whatever people put into buckets.
 *
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The element of an id. */
export function byId(id) {
  return document.getElementById(id);
}

const shown = new Map();

/** Draws into the element of an id, when what it is drawn from is not what it was. What has the focus keeps it, by its `data-focus`. */
export function redraw(id, from, draw) {
  const text = JSON.stringify(from);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  const target = byId(id);
  const focused = target.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  target.replaceChildren(...draw());
  if (focused !== undefined) target.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}
