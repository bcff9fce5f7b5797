import type { Alias } from '../../lambda/contract/environment';
import { closeServer, createLoopbackServer, listenOnLoopback } from '../loopback';

/** Which paths of the distribution are renditions. */
export const RENDITIONS_PATTERN = '/renditions/*';

/** What the function is told of them, as the option `aliases` says it: each rendition of an image bears the image's tag. */
export const RENDITION_RULES: readonly Alias[] = [{ pattern: '{name+}.svg', tags: ['image:{name}.svg'] }];

/** What S3 would answer with for the metadata `cache-tag`, and what the template names in its CacheTagConfig. */
const CACHE_TAG_HEADER = 'X-Amz-Meta-Cache-Tag';

/** A small server behind the distribution that makes images of the bucket in other sizes. */
export interface Renditions {
  readonly port: number;
  close(): Promise<void>;
}

/** The path of an image in a width. The width comes first: no wildcard is for one image alone. */
export function renditionPath(name: string, width: number): string {
  return `/renditions/${width}/${name.split('/').map(encodeURIComponent).join('/')}`;
}

/** An image in a width, in pixels. */
export function render(svg: string, width: number): string {
  return svg.replace('<svg ', `<svg width="${width}" `);
}

/** @param bucketUrl where the images are: what stands before each name */
export async function startRenditions(bucketUrl: string, port = 0): Promise<Renditions> {
  const server = createLoopbackServer((request, response) => {
    rendition(bucketUrl, request.url ?? '').then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => {
        if (!response.destroyed) response.writeHead(502, PLAIN).end(`There is no rendition: ${error}.\n`);
      },
    );
  });
  const listening = await listenOnLoopback(server, port, 'The server of renditions');
  return { port: listening, close: () => closeServer(server) };
}

const PLAIN = { 'Content-Type': 'text/plain; charset=utf-8' };

async function rendition(bucketUrl: string, url: string) {
  const [, width = '', name = ''] = /^\/renditions\/([1-9]\d{0,3})\/([^?]+\.svg)(?:\?|$)/.exec(url) ?? [];
  if (name === '') return { status: 404, headers: PLAIN, body: 'No such rendition.\n' };
  const object = await fetch(`${bucketUrl}/${name}`);
  if (object.status !== 200) return { status: object.status, headers: PLAIN, body: `No such image: ${name}.\n` };
  const tag = `image:${encodeURIComponent(decodeURIComponent(name))}`;
  const headers = { 'Content-Type': 'image/svg+xml', [CACHE_TAG_HEADER]: tag };
  return { status: 200, headers, body: render(await object.text(), Number(width)) };
}
