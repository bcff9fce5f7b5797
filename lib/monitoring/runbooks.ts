/** The runbooks, a section for each alarm. */
export const RUNBOOKS = 'docs/operations.md';
