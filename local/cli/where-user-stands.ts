import { realpathSync } from 'node:fs';

/**
 * The folder that paths of the command line are relative to. npm runs its scripts in the project's folder, and says in
 * `INIT_CWD` from where; who starts the file itself, elsewhere, stands there.
 */
export function whereUserStands(environment: NodeJS.ProcessEnv, here: string, project: string): string {
  const { INIT_CWD: from } = environment;
  try {
    return from && realpathSync(here) === realpathSync(project) ? realpathSync(from) : here;
  } catch {
    return here;
  }
}
