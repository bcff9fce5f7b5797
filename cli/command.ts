/** A sub-command of `cloudfront-invalidator`. */
export interface Command {
  /** What `--help` prints. */
  readonly usage: string;
  /**
   * Reads its arguments, does its work and prints what came of it.
   *
   * @returns the exit code
   * @throws an Error that says in a sentence what is wrong; the exit code is 2 then
   */
  readonly run: (args: readonly string[]) => number | Promise<number>;
}
