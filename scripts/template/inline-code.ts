import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFunctionBundle } from '../function-bundle';

/** The function's bundle as one module. Its source map would be another file, which inline code cannot have. */
export function inlineCode(): string {
  return withFunctionBundle((folder) =>
    readFileSync(join(folder, 'index.js'), 'utf8').replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n'),
  );
}
