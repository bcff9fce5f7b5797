import { setTimeout as pause } from 'node:timers/promises';
import { makeClients } from '../clients';
import { progressOn } from '../progress';
import { readArguments } from './arguments';
import { audit } from './audit';
import { isFresh, reportOf } from './report';

export { usage } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const question = readArguments(args);
  const progress = progressOn(process.stderr);
  const surroundings = { now: () => performance.now(), pause: (ms: number) => pause(ms), onProgress: progress.show };
  const done = await audit(question, makeClients(question), surroundings).finally(progress.end);
  process.stdout.write(Array.from(reportOf(question, done)).join(''));
  return isFresh(done) ? 0 : 1;
}
