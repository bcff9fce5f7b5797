import { printable } from './printable';

/** Where progress is written. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'write'> & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

export interface Progress {
  /** What is done now, and how far it is. */
  show(stage: string, detail: string): void;
  /** Leaves no trace of it on a terminal. */
  end(): void;
}

const CLEAR = '\r\u001b[2K';

/** On a terminal, one line that is written again and again; elsewhere, a line for each stage. */
export function progressOn(stream: ProgressStream): Progress {
  let shown = '';
  let stage = '';
  return {
    show(next, detail) {
      const text = printable(detail === '' ? `${next} …` : `${next}: ${detail}`);
      if (stream.isTTY) {
        const line = text.slice(0, (stream.columns ?? 80) - 1);
        if (line !== shown) stream.write(CLEAR + line);
        shown = line;
      } else if (next !== stage) stream.write(`${printable(next)} …\n`);
      stage = next;
    },
    end() {
      if (shown !== '') stream.write(CLEAR);
      shown = '';
    },
  };
}
