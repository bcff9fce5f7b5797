import { type RunningFunction, SITE, startFunction } from './function';
import { message, s3Body } from './messages';

describe('the function', () => {
  let running: RunningFunction;
  afterEach(() => running.stop());

  const origins = [
    { bucket: 'site', distribution: 'E1SITE', path: '', queryStrings: true },
    { bucket: 'site', distribution: 'E2PLAIN', path: '' },
  ];

  test('covers query strings where they count, and there alone', async () => {
    running = await startFunction({ ...SITE, origins });
    await running.receive([message('m1', s3Body('a.html'))]);
    const paths = Object.fromEntries(running.cloudFront.invalidations.map((each) => [each.distribution, each.paths]));
    expect(paths).toEqual({ E1SITE: ['/a.html*'], E2PLAIN: ['/a.html'] });
  });

  test('spares what a wildcard covered already', async () => {
    const ago = (ms: number) => ({ time: new Date(Date.now() - ms).toISOString() });
    running = await startFunction({ ...SITE, origins: origins.slice(0, 1) });
    await running.receive([message('m1', s3Body('a.html', ago(20_000)))]);
    await running.receive([message('m2', s3Body('a.html', ago(15_000)))]);
    expect(running.cloudFront.invalidations).toHaveLength(1);
  });
});
