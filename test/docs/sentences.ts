/** A sentence of a Markdown page, or a cell of one of its tables. */
export interface Passage {
  /** Where it begins, from 1. */
  readonly line: number;
  /** As it is written, on one line. */
  readonly text: string;
  /** A link counts by its text, and inline code as one word. */
  readonly words: number;
}

export interface Cell extends Passage {
  readonly sentences: number;
}

/** Lines that belong together: a paragraph, an item of a list, a heading or a cell. */
interface Block {
  readonly line: number;
  readonly text: string;
  readonly isCell: boolean;
}

const FENCE = /^\s*(```|~~~)/;
const ROW = /^\s*\|.*\|\s*$/;
const ITEM_OR_HEADING = /^\s*([-*]|\d+\.|#+)\s+/;
const INDENTED_CODE = /^ {4}\S/;

/** Stands for each character that is not read: marks, addresses. The places in the text stay the same. */
const UNREAD = '\0';
const END = /[.?!][\0"')]*(?=\s+[\0"'([]*[\p{Lu}\d$/]|\s*$)/gu;

/** The sentences of a page outside of its blocks of code. A block ends a sentence; a colon or a semicolon does not. */
export function sentencesOf(page: string): Passage[] {
  return blocksOf(page).flatMap(sentencesOfBlock);
}

/** The cells of the tables of a page. */
export function cellsOf(page: string): Cell[] {
  return blocksOf(page)
    .filter(({ isCell }) => isCell)
    .map((block) => ({ ...passage(block, 0, block.text.length), sentences: sentencesOfBlock(block).length }));
}

function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; lines: string[] } | undefined;
  let isInFence = false;
  let isInList = false;
  const close = () => {
    if (open !== undefined) blocks.push({ line: open.line, text: open.lines.join('\n'), isCell: false });
    open = undefined;
  };
  for (const [at, text] of page
    .replace(/<!--.*?-->/gs, blank)
    .split('\n')
    .entries()) {
    const line = at + 1;
    if (FENCE.test(text)) {
      close();
      isInFence = !isInFence;
      continue;
    }
    const isCode = isInFence || (open === undefined && !isInList && INDENTED_CODE.test(text));
    if (isCode) continue;
    if (text.trim() === '' || ROW.test(text)) close();
    if (ROW.test(text)) blocks.push(...rowOf(text, line));
    else if (ITEM_OR_HEADING.test(text)) {
      close();
      isInList = !text.startsWith('#');
      open = { line, lines: [text.replace(ITEM_OR_HEADING, '')] };
      if (!isInList) close();
    } else if (text.trim() !== '') {
      if (/^\S/.test(text) && open === undefined) isInList = false;
      open ??= { line, lines: [] };
      open.lines.push(text.replace(/^\s*>?\s*/, ''));
    }
  }
  close();
  return blocks;
}

function rowOf(row: string, line: number): Block[] {
  if (/^[\s|:-]*$/.test(row)) return [];
  const cells = row
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/);
  return cells.map((text) => ({ line, text: text.trim(), isCell: true }));
}

function sentencesOfBlock(block: Block): Passage[] {
  const ends = Array.from(read(block.text).matchAll(END), ({ index, 0: end }) => index + end.length);
  const bounds = [...new Set([0, ...ends, block.text.length])];
  return bounds
    .slice(1)
    .map((end, at) => passage(block, bounds[at] ?? 0, end))
    .filter(({ words }) => words > 0);
}

function passage({ line, text }: Block, from: number, to: number): Passage {
  const start = from + (/^\s*/.exec(text.slice(from, to))?.[0].length ?? 0);
  const words = read(text).slice(start, to).replaceAll(UNREAD, '').split(/\s+/);
  return {
    line: line + (text.slice(0, start).match(/\n/g) ?? []).length,
    text: text.slice(start, to).replace(/\s+/g, ' ').trim(),
    words: words.filter((word) => /[\p{L}\p{N}]/u.test(word)).length,
  };
}

/** What is read of a text: code is one word, a link its text, and marks are nothing. */
function read(text: string): string {
  return text
    .replace(/(`+)(?!`).*?(?<!`)\1(?!`)/gs, (code) => 'X'.repeat(code.length))
    .replace(/!?\[((?:[^\]\\]|\\.)*)\]\(([^)]*)\)/gs, (link, label: string) => {
      const before = link.indexOf('[') + 1;
      return UNREAD.repeat(before) + label + UNREAD.repeat(link.length - before - label.length);
    })
    .replace(/<https?:[^>]*>/g, (address) => 'X'.repeat(address.length))
    .replace(/<\/?[a-z][^>]*>|\*+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, (mark) => UNREAD.repeat(mark.length));
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, '');
}
