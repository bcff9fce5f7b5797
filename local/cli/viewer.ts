import { createHash } from 'node:crypto';
import type { SiteModel } from '../template/site';

/** What a viewer gets from the edge. */
export interface Viewed {
  readonly status: number;
  /** MD5 of the body: what S3 calls the ETag of an object that was uploaded in one piece. */
  readonly eTag: string;
  /** Whether the edge had it. */
  readonly cached: boolean;
}

/**
 * The paths under which viewers request an object: none outside of the origin path, two if a space may be a plus, and those of the
 * folder that it is the index document of, where the site answers them.
 */
export function viewerPaths(key: string, { originPath, defaultRootObject, answersFolders }: SiteModel): string[] {
  const prefix = originPath === '' ? '' : `${originPath.slice(1)}/`;
  if (!key.startsWith(prefix)) return [];
  const name = key.slice(prefix.length);
  const path = `/${name.split('/').map(encodeURIComponent).join('/')}`;
  const [, folder] = answersFolders ? (/^(.+)\/index\.html$/.exec(path) ?? []) : [];
  return [
    ...(name !== '' && name === defaultRootObject ? ['/'] : []),
    ...[path, ...(folder === undefined ? [] : [`${folder}/`, folder])].flatMap((each) =>
      each.includes('%20') ? [each, each.replaceAll('%20', '+')] : [each],
    ),
  ];
}

/** Asks the edge for a path, as a browser would. */
export async function view(edgeUrl: string, path: string): Promise<Viewed> {
  const response = await fetch(edgeUrl + path);
  const body = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    eTag: createHash('md5').update(body).digest('hex'),
    cached: response.headers.get('x-cache')?.startsWith('Hit') ?? false,
  };
}
