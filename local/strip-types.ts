/** For child processes that are TypeScript: Node strips the types itself, and need not say that this is new to it. */
export const STRIP_TYPES = ['--disable-warning=ExperimentalWarning'];
