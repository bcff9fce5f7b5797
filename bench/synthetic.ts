import { compareKeys } from '../lambda/bucket/key-order';
import { seeded } from '../local/simulation/random';
import type { Deploy } from './deploys';

const LANGUAGES = ['', 'de/', 'ja/'];
const SECTIONS = ['guides', 'reference', 'tutorials', 'releases'];
const TOPICS = ['events', 'caching', 'origins', 'retries', 'Überblick', '設定', 'price list', 'c++'];

/** What a site of this kind typically deploys, and how often in 100. */
const DEPLOYS: readonly (readonly [number, (site: SyntheticSite) => Iterable<string>])[] = [
  [45, (site) => site.edit(1 + site.below(4))],
  [25, (site) => [...site.post(), ...site.matching(/^(index\.html|sitemap\.xml|feed\.xml|tags\/)/)]],
  [12, (site) => site.matching(/^images\//).slice(0, 1 + site.below(12))],
  [10, (site) => site.matching(new RegExp(`^docs/v${1 + site.below(6)}/`))],
  [5, (site) => [...site.bundle(), ...site.matching(/\.html$/)]],
  [3, (site) => site.matching(/^/)],
];

const DICE = DEPLOYS.flatMap(([share, kind]) => new Array<typeof kind>(share).fill(kind));

type SyntheticSite = ReturnType<typeof makeSite>;

/** The deploys of a site that was made up: documentation in six versions and three languages, a blog, hashed assets, images. */
export async function* syntheticDeploys(count = 200): AsyncGenerator<Deploy> {
  const site = makeSite(seeded(42));
  for (let deploy = 0; deploy < count; deploy++) {
    const kind = DICE[site.below(DICE.length)];
    const changed = [...new Set(kind?.(site))];
    if (changed.length > 0) yield { changed, bucket: [...site.keys].sort(compareKeys) };
  }
}

function makeSite(random: () => number) {
  const keys = new Set(['index.html', 'sitemap.xml', 'feed.xml', '404.html']);
  const below = (limit: number) => Math.floor(random() * limit);
  const hash = () =>
    below(2 ** 32)
      .toString(16)
      .padStart(8, '0');
  let bundles: string[] = [];
  let posts = 0;

  function post(): string[] {
    const day = `${2020 + Math.floor(posts / 80)}/${String(1 + (posts % 12)).padStart(2, '0')}`;
    const added = [`blog/${day}/post-${posts++}/index.html`, `images/blog/${hash()}.webp`];
    for (const key of added) keys.add(key);
    return [...added, 'blog/index.html'];
  }

  function bundle(): string[] {
    const old = bundles;
    bundles = ['app', 'runtime~app', 'vendor'].map((name) => `assets/${name}.${hash()}.js`);
    for (const key of old) keys.delete(key);
    for (const key of bundles) keys.add(key);
    return [...old, ...bundles];
  }

  const matching = (pattern: RegExp) => [...keys].filter((key) => pattern.test(key));
  const edit = (pages: number) => {
    const all = matching(/\.html$/);
    return Array.from({ length: pages }, () => all[below(all.length)] as string);
  };

  for (let version = 1; version <= 6; version++) {
    for (const language of LANGUAGES) {
      for (const section of SECTIONS) {
        for (let page = 0; page < 40; page++) {
          keys.add(`docs/v${version}/${language}${section}/${TOPICS[page % TOPICS.length]}-${page}.html`);
        }
      }
    }
  }
  for (const topic of TOPICS) for (let page = 1; page <= 12; page++) keys.add(`tags/${topic}/page/${page}/index.html`);
  for (let image = 0; image < 600; image++) keys.add(`images/screens/${hash()}.png`);
  for (let made = 0; made < 400; made++) post();
  keys.add('blog/index.html');
  bundle();
  return { keys, below, post, bundle, matching, edit };
}
