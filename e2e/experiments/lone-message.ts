import type { Experiment, Finding } from '../finding';
import { type Lab, secondsOf } from '../lab';
import { WATCHED } from '../target';

const TIMES = 2;

/** With the window that is deployed anyway. */
export const loneMessage: Experiment = { name: 'lone-message', invalidatorPaths: TIMES, run: waitsOf };

/** With each of these, which is deployed. */
export const WINDOWS: readonly number[] = [0, 1, 5, 20];

export const windows: Experiment = {
  name: 'windows',
  invalidatorPaths: TIMES * WINDOWS.length,
  async run(lab) {
    const findings: Finding[] = [];
    for (const window of WINDOWS) {
      await lab.redeploy(window);
      findings.push(...(await waitsOf(lab)));
    }
    return findings;
  },
};

/** From S3's answer to CloudFront's, by the function's log: S3's own delay, and a cold start, are in it. */
async function waitsOf(lab: Lab): Promise<Finding[]> {
  const { waits, target } = lab;
  const times: string[] = [];
  for (let time = 0; time < TIMES; time++) {
    const key = `${WATCHED}lone-${target.maxBatchingWindow}-${time}.html`;
    const start = Date.now();
    await lab.put(key, 'lone');
    const put = Date.now();
    let accepted: number | undefined;
    await lab.until(
      async () => {
        const line = (await target.logSince(start)).find(
          ({ message, keys }) => message === 'Invalidation accepted' && [keys].flat().includes(key),
        );
        accepted = line && Date.parse(String(line.timestamp));
        return accepted !== undefined;
      },
      waits.pipeline,
      waits.api,
    );
    times.push(accepted === undefined ? 'not in time' : secondsOf(Math.max(0, accepted - put)));
  }
  return [
    {
      question: `How long does a lone message wait with a window of ${target.maxBatchingWindow} s?`,
      answer: times.join(', '),
      seen: 'from the upload to the accepted invalidation',
    },
  ];
}
