export const usage = '';
export function run(): number {
  return 0;
}
