/** The paths that may still be paid for. */
export interface PathBudget {
  readonly most: number;
  readonly spent: number;
  readonly left: number;
  /** @throws RangeError when fewer are left; then none is taken */
  take(paths: number): void;
  /** Those that CloudFront did not accept. */
  giveBack(paths: number): void;
}

export function pathBudget(most: number): PathBudget {
  let spent = 0;
  return {
    most,
    get spent() {
      return spent;
    },
    get left() {
      return most - spent;
    },
    take(paths) {
      if (spent + paths > most) throw new RangeError(`${paths} paths are more than the ${most - spent} that are left`);
      spent += paths;
    },
    giveBack(paths) {
      spent -= paths;
    },
  };
}
