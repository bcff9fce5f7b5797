import { BUCKET, chosen, inWords, listBatches, NEWEST } from './batches.js';
import { freshnessChart } from './chart.js';
import { byId, element, redraw } from './dom.js';
import { clock, count } from './format.js';
import { nextStep } from './next.js';
import { forgetPaths, shownPaths } from './paths.js';
import { drawStories } from './stories.js';
import { invalidationsTable, pagesTable, tiles } from './tables.js';
import { offerTour } from './tour.js';
import { forgetFolded, treeTable } from './tree.js';

let snapshot;
let drawing;
let fetching = false;
let isLive = false;

/** Which tree to fetch, what would make it another one, and the words above it. */
function wanted() {
  const choice = chosen();
  const batch =
    choice === BUCKET
      ? undefined
      : choice === NEWEST
        ? snapshot.batches[0]
        : snapshot.batches.find(({ number }) => String(number) === choice);
  if (!batch) {
    const waiting = snapshot.waiting > 0 ? ` ${count(snapshot.waiting, 'change')} not covered yet.` : '';
    return {
      url: 'trees/bucket',
      version: snapshot.treeVersion,
      heading: 'The bucket as it is',
      words: `${count(snapshot.objects, 'object')}.${waiting}`,
    };
  }
  return {
    url: `trees/${batch.number}`,
    version: JSON.stringify([batch.paths, batch.doneAt]),
    heading: `The batch of ${clock(batch.at)}, over the bucket`,
    words: inWords(batch),
  };
}

/** One request at a time; what has changed meanwhile is fetched with the next snapshot. */
async function drawTree() {
  const { url, version, heading, words } = wanted();
  redraw('plan-heading', heading, () => [heading]);
  redraw('plan-summary', words, () => [words]);
  if (fetching || (drawing?.url === url && drawing.version === version)) return;
  fetching = true;
  try {
    const answer = await fetch(url);
    if (answer.ok) {
      const tree = await answer.json();
      redraw('tree', tree.rows, () => treeTable(tree.rows));
      drawing = { url, version: url === 'trees/bucket' ? tree.version : version };
    }
  } catch {
    // The stream says it when the local run has ended.
  } finally {
    fetching = false;
  }
  if (wanted().url !== url) await drawTree();
}

function show() {
  const { edgeUrl, distribution, batches, pages, steps, now, broken } = snapshot;
  redraw('where', [edgeUrl, distribution], () => [
    'Edge ',
    element('a', { href: edgeUrl, rel: 'noreferrer' }, edgeUrl),
    ` in front of ${snapshot.bucket}`,
  ]);
  if (broken) say(`The stack is of no more use: ${broken}`, false);
  showNext();
  redraw(
    'now',
    [
      snapshot.objects,
      snapshot.waiting,
      snapshot.queue,
      snapshot.inProgress,
      snapshot.bill,
      snapshot.application,
      snapshot.staleCount,
      snapshot.freshCount,
    ],
    () => tiles(snapshot),
  );
  listBatches(batches);
  redraw('chart', [steps, Math.floor(now / 1000)], () => freshnessChart(steps, now));
  redraw('pages', pages, () => pagesTable(pages));
  drawInvalidations();
  drawStories(snapshot.stories);
  void drawTree();
}

function drawInvalidations() {
  const { invalidations } = snapshot;
  redraw('invalidations', [invalidations, shownPaths()], () => invalidationsTable(invalidations, drawInvalidations));
}

function showNext() {
  const { text, command = '', hint = '' } = nextStep(snapshot, isLive);
  write('next-step', text);
  byId('next-command').hidden = command === '';
  if (write('command', command)) write('copied', '');
  byId('next-hint').hidden = hint === '';
  write('next-hint', hint);
}

/** @returns whether it is another text: what is a status is read aloud when it is written */
function write(id, text) {
  const target = byId(id);
  if (target.textContent === text) return false;
  target.textContent = text;
  return true;
}

/** Where the browser does not let it be copied, it is chosen, to be copied by hand. */
async function copy() {
  try {
    await navigator.clipboard.writeText(byId('command').textContent);
    write('copied', 'Copied.');
  } catch {
    getSelection().selectAllChildren(byId('command'));
    write('copied', 'Selected: copy it with the keyboard.');
  }
}

/** What has stopped is grey. */
function say(text, live) {
  write('connection', text);
  byId('connection').classList.toggle('live', live);
  document.body.classList.toggle('stopped', !live && snapshot !== undefined);
  isLive = live;
  showNext();
}

let frame = 0;
const stream = new EventSource('events');
stream.onopen = () => say('live', true);
stream.onerror = () => say('The local run has ended, or is not heard. It is looked for …', false);
stream.onmessage = ({ data }) => {
  const earlier = snapshot;
  snapshot = JSON.parse(data);
  if (earlier && earlier.began !== snapshot.began) {
    // Another run: what has the same number is another batch.
    drawing = undefined;
    forgetPaths();
    forgetFolded();
  }
  // In the background there are no frames, and nothing is drawn.
  if (frame === 0)
    frame = requestAnimationFrame(() => {
      frame = 0;
      show();
    });
};
byId('batches').addEventListener('change', () => snapshot && void drawTree());
byId('objects').addEventListener('input', () => snapshot && drawStories(snapshot.stories));
byId('objects').addEventListener('submit', (event) => event.preventDefault());
byId('batches').addEventListener('submit', (event) => event.preventDefault());
byId('copy').addEventListener('click', () => void copy());
offerTour();
