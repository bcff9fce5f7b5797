/** All of C0, C1 and Unicode's format controls, but the two joiners that words need. */
const STEERING = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text of others, such as a key or a file's name, as a line of a terminal can show it: what would steer the terminal, end
 * the line or turn the direction of the text is written as in JSON.
 */
export function printable(text: string): string {
  return text.replace(STEERING, (character) => SHORT[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
