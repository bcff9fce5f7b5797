import { styleText } from 'node:util';
import type { SQSRecord } from 'aws-lambda';
import { count, seconds } from '../../cli/count';
import { printable } from '../../cli/printable';
import type { LocalEvent } from '../local-stack';
import { isMetrics } from '../log-line';
import type { ApplicationSeen } from './application';
import type { Expected } from './freshness';

export { count, seconds };

/**
 * Prints what happens, as it happens: one line a happening, its time, its kind, and what matters of it.
 * No key and no file name, whatever is in it, makes another line or steers the terminal.
 */
export interface Report {
  /** A line of its own words, or several. */
  say(text: string): void;
  /** How far something is: at a terminal, each takes the place of the last, until another line comes. */
  progress(text: string): void;
  /** What went wrong, and goes on. */
  warn(text: string): void;
  event(event: LocalEvent): void;
  stale(expected: Expected): void;
  fresh(expected: Expected, after: number): void;
  /** Pages that nothing changed, and that the edge still holds. */
  kept(paths: readonly string[]): void;
  /** How many of the application's pages the edge had. */
  application(seen: ApplicationSeen): void;
  /** Keys whose next change is not shown: those of an upload that has its own progress. */
  readonly unsaid: Set<string>;
  /** How long plans with wildcards waited to be kept apart, in ms, the latest last. */
  readonly pacedWaits: readonly number[];
}

type Color = 'green' | 'yellow' | 'cyan' | 'red' | 'dim' | 'bold';

/** Up to so many paths, or changes in one go, each is a line; more are counted. */
const MOST = 12;

/** Paths that stand for more. */
const A_FEW = 4;

/** Milliseconds without another change that end a run of changes. */
const PAUSE = 500;

/** Milliseconds between two lines about how far something is, where a line cannot take the place of another. */
const PROGRESS_INTERVAL = 10_000;

/**
 * @param write writes a line; coloured, unless standard output is no terminal or NO_COLOR says otherwise
 * @param overwrite writes over the line that is not ended yet, at a terminal; empty: clears it. @default - there is none
 */
export function createReport(write: (line: string) => void, overwrite?: (text: string) => void): Report {
  let isLineOpen = false;
  let progressAt = Number.NEGATIVE_INFINITY;
  function print(text: string): void {
    if (isLineOpen) overwrite?.('');
    isLineOpen = false;
    write(text);
  }
  const paint = (color: Color, text: string) => styleText(color, text, { stream: process.stdout });
  let inRun = 0;
  let lastChange = 0;
  /** What the function's log said of the batch. */
  const told = new Set<string>();
  let lastCovered = '';
  const pacedWaits: number[] = [];

  /** S3 and CloudFront tell of what was a moment ago: the time is that of the line, so that no line goes back in time. */
  function line(color: Color, kind: string, text: string, detail = ''): void {
    const shown = printable(text);
    const padded = detail === '' ? shown : `${shown.padEnd(32)}  ${paint('dim', printable(detail))}`;
    print(`${paint('dim', clock(Date.now()))}  ${paint(color, kind.padEnd(12))}  ${padded}`);
  }

  function more(text: string): void {
    print(`${' '.repeat(26)}${paint('dim', printable(text))}`);
  }

  /** A run of changes is over when it pauses: what it was too long for is counted. */
  function change(at: number, kind: string, key: string, detail: string): void {
    if (at - lastChange > PAUSE) endRun();
    lastChange = at;
    inRun += 1;
    if (inRun <= MOST) line('bold', kind, key, detail);
  }

  function endRun(): void {
    if (inRun > MOST) more(`… and ${count(inRun - MOST, 'more object')}`);
    inRun = 0;
  }

  const report: Report = {
    unsaid: new Set(),
    pacedWaits,
    say(text) {
      endRun();
      print(text);
    },
    progress(text) {
      if (overwrite) {
        overwrite(printable(text));
        isLineOpen = true;
      } else if (Date.now() - progressAt >= PROGRESS_INTERVAL) {
        progressAt = Date.now();
        print(printable(text));
      }
    },
    warn: (text) => print(paint('yellow', printable(text))),
    stale: ({ path }) => line('yellow', 'stale', path, 'the edge serves the old one'),
    fresh: ({ path }, after) => line('green', 'fresh', path, `${seconds(after)} after the change`),
    kept(paths) {
      const shown = few(paths);
      for (const path of shown) line('green', 'hit', path, 'unchanged, and still in the cache');
      if (paths.length > shown.length) more(`… and ${count(paths.length - shown.length, 'more page')}`);
    },
    application({ cached, total }) {
      const color = cached === total ? 'green' : 'yellow';
      line(color, 'application', `the application's pages: ${cached} of ${total} still cached`);
    },
    event(event) {
      switch (event.kind) {
        case 'changed': {
          if (report.unsaid.delete(event.key)) return;
          const gone = event.eventName.startsWith('ObjectRemoved');
          change(event.at, gone ? 'deleted' : 'uploaded', event.key, gone ? '' : bytes(event.size ?? 0));
          return;
        }
        case 'invoked':
          endRun();
          told.clear();
          line('cyan', 'batch', `${count(event.records.length, 'message')} to the function`, testEvents(event.records));
          return;
        case 'invalidation': {
          const { id, paths, callerReference } = event.invalidation;
          line('cyan', 'invalidation', `${count(paths.length, 'path')}, ${id}`, `reference ${callerReference}`);
          const shown = few(paths);
          for (const path of shown) more(path);
          if (paths.length > shown.length) more(`… and ${count(paths.length - shown.length, 'more path')}`);
          return;
        }
        case 'processed': {
          const { returned, records, failure } = event;
          if (returned.length === 0) return;
          const text = `${returned.length.toLocaleString('en')} of ${count(records.length, 'message')}`;
          line('red', 'retry', text, failure ?? 'when the visibility timeout ends');
          return;
        }
        case 'log': {
          const { level, message, why, function_request_id: request, invalidationId, keyCount } = event.line.fields;
          if (message === 'Already covered') {
            // Many keys are several lines, each with the count of all.
            const both = `${request} ${invalidationId}`;
            if (both !== lastCovered)
              line('green', 'covered', count(Number(keyCount), 'object'), `by ${invalidationId}`);
            lastCovered = both;
            return;
          }
          if (message === 'Waiting') {
            const ms = Number(event.line.fields.ms ?? 0);
            if (why === 'Paced') pacedWaits.push(ms);
            line('yellow', 'wait', seconds(ms), WAITS[String(why)] ?? `before CloudFront is called again: ${why}`);
            return;
          }
          const text = [message ?? event.line.text, why].filter(Boolean).join(': ');
          // The same may go for thousands of messages.
          if (level === 'INFO' || level === 'DEBUG' || isMetrics(event.line.fields) || told.has(text)) return;
          told.add(text);
          line('red', 'log', text);
          return;
        }
        case 'broken':
          line('red', 'broken', event.why);
      }
    },
  };
  return report;
}

/** Why the function waits, by what its log says. */
const WAITS: Readonly<Record<string, string>> = {
  LeaseHeld: 'another batch held the lease of the distribution',
  Paced: 'plans with wildcards are kept apart',
};

function few(paths: readonly string[]): readonly string[] {
  return paths.length > MOST ? paths.slice(0, A_FEW) : paths;
}

/** S3 sends one of its own when the stack begins to watch the bucket. */
function testEvents(records: readonly SQSRecord[]): string {
  return records.some(({ body }) => body.includes('"s3:TestEvent"')) ? "one is S3's test event" : '';
}

function bytes(size: number): string {
  if (size < 1_000) return `${size} B`;
  return size < 1_000_000 ? `${(size / 1_000).toFixed(1)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}

/** The time of the day to a tenth of a second. */
function clock(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const tenth = Math.floor(date.getMilliseconds() / 100);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${tenth}`;
}
