/** A whole answer, in the namespace of the API version that was asked for. */
export function document(version: string, root: string, content: string): string {
  return `<?xml version="1.0"?>\n<${root} xmlns="http://cloudfront.amazonaws.com/doc/${version}/">${content}</${root}>`;
}

export function tag(name: string, content: string | number): string {
  return `<${name}>${content}</${name}>`;
}

/** Line ends and tabs too: an XML reader may fold them. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}
