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
 * The paths under which viewers request an object: none outside of the origin path, several if its characters are written in several
 * ways, and those of the folder that it is the index document of, where the site answers them.
 */
export function viewerPaths(key: string, { originPath, defaultRootObject, answersFolders }: SiteModel): string[] {
  const prefix = originPath === '' ? '' : `${originPath.slice(1)}/`;
  if (!key.startsWith(prefix)) return [];
  const name = key.slice(prefix.length);
  const [, folder] = answersFolders ? (/^(.+)\/index\.html$/.exec(name) ?? []) : [];
  return [
    ...(name !== '' && name === defaultRootObject ? ['/'] : []),
    ...[name, ...(folder === undefined ? [] : [`${folder}/`, folder])].flatMap(urlsOf),
  ];
}

/**
 * How browsers, libraries and package managers write the URL of a name: what need not be hex raw, as hex, and as hex in small letters;
 * a space as hex or as a plus. A plus is always hex, for S3 would read a raw one as a space.
 */
function urlsOf(name: string): string[] {
  const inHex = `/${name.split('/').map(encodeURIComponent).join('/')}`;
  const ways = [
    inHex.replaceAll(/%(?:3B|2C|3A|40|26|3D|24)/g, decodeURIComponent),
    inHex,
    inHex.replaceAll(/%(?:3B|2C|3A|3D|2B)/g, (hex) => hex.toLowerCase()),
  ];
  return [...new Set(ways.flatMap((url) => [url, url.replaceAll('%20', '+')]))];
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
