import { measureBatch } from './speed-batch';
import { measureLoading } from './speed-loading';
import { measurePages } from './speed-pages';
import { measurePlanning } from './speed-planning';

/** What the function spends its CPU on, each next to the least that it could spend. */
export async function measureSpeed(): Promise<void> {
  // First, because it reports the peak memory of the process.
  console.log(await measurePlanning());
  console.log(await measureBatch());
  console.log(await measurePages());
  console.log(measureLoading());
}
