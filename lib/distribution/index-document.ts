import { type Finding, warning } from '../synthesis/finding';
import { mayRewrite } from './request-function';
import type { ServedBucket, StatedOrigin } from './served-bucket';

/** Where `indexDocument` contradicts what URLs of folders, the root among them, are answered with. */
export function indexDocumentContradictions({ indexDocument: stated }: StatedOrigin, served: ServedBucket): Finding[] {
  const { distribution, rootObject } = served;
  if (typeof stated !== 'string' || rootObject === undefined) return [];
  const name = 'indexDocument';
  if (rootObject === '') {
    const isCertain = served.areAllOrigins && !served.hasErrorPages;
    if (stated === 'none' || !isCertain || mayAnswerFolders(served, stated)) return [];
    const message = `${name} is "${stated}", but the distribution ${distribution} answers no URLs of folders: it has no default root object, and neither a website endpoint nor a function on viewer requests. Paths would be paid for that nobody is served: leave it out`;
    return [warning(name, message)];
  }
  const isRootOfBucket = served.behaviors.some(({ pattern }) => pattern === '*');
  const isSame = rootObject === stated || rootObject.endsWith(`/${stated}`);
  if (!isRootOfBucket || isSame || (stated !== 'none' && mayAnswerFolders(served, stated))) return [];
  const message = `${name} is "${stated}", but the default root object of the distribution ${distribution} is "${rootObject}": leave it out`;
  return [warning(name, message)];
}

/** Whether a website endpoint, or a function, may answer the URLs of folders with a document of that name. */
function mayAnswerFolders({ origins, behaviors }: ServedBucket, document: string): boolean {
  const functions = behaviors.flatMap((behavior) => behavior.functions).filter(mayRewrite);
  return (
    functions.some(({ code }) => code === undefined || code.includes(document)) ||
    origins.some(({ domain }) => /website/i.test(JSON.stringify(domain)))
  );
}
