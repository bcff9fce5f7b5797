/** A picture in Markdown with its alternative text, which may be of several lines. */
const PICTURE = /!\[[^\]]*\]\(((?:[^)\s]*\/)?page\.png)\)/g;

/** A line of Markdown has no more characters. */
const LONGEST_LINE = 120;

/** A page of Markdown in which the picture of the local run has this caption. */
export function withCaption(page: string, caption: string): string {
  return page.replaceAll(PICTURE, (_, path: string) => wrap(`![${caption}](${path})`));
}

/** The captions that a page gives the picture of the local run. */
export function captionsIn(page: string): string[] {
  return Array.from(page.matchAll(PICTURE), ([picture]) =>
    picture.slice(2, picture.indexOf('](')).replaceAll('\n', ' '),
  );
}

function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= LONGEST_LINE)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
