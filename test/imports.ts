import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Project, type SourceFile } from 'ts-morph';

/** What each file imports, by the project's paths: files of the project as these, packages by their names. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** The sources below some folders of a project, as text alone: what they import is not looked into. */
export function sourcesIn(root: string, folders: readonly string[]): SourceFile[] {
  const project = new Project({ compilerOptions: { noResolve: true, noLib: true, types: [], allowJs: true } });
  return project.addSourceFilesAtPaths(folders.map((folder) => join(root, folder, '**/*.{ts,js}')));
}

/** Imports, exports from elsewhere and `import()` in whatever form: of types and of values. */
export function importsOf(root: string, sources: readonly SourceFile[]): Imports {
  return new Map(
    sources.map((source) => {
      const file = source.getFilePath();
      const named = source.getImportStringLiterals().map((literal) => literal.getLiteralText());
      return [relative(root, file), named.map((name) => resolve(root, file, name))];
    }),
  );
}

function resolve(root: string, from: string, name: string): string {
  if (!name.startsWith('.')) return name;
  const path = join(dirname(from), name);
  const file = [`${path}.ts`, join(path, 'index.ts')].find((each) => existsSync(each)) ?? path;
  return relative(root, file);
}

/** Files that import each other, at whatever distance: each such group once. */
export function circlesIn(imports: Imports): string[][] {
  const reached = new Map(Array.from(imports.keys(), (file) => [file, reachedFrom(file, imports)]));
  const groups = Array.from(reached).flatMap(([file, all]) =>
    all.has(file) ? [[...all].filter((other) => reached.get(other)?.has(file)).sort()] : [],
  );
  return [...new Map(groups.map((group) => [group.join(), group])).values()];
}

function reachedFrom(file: string, imports: Imports): Set<string> {
  const reached = new Set<string>();
  const next = [...(imports.get(file) ?? [])];
  for (let each = next.pop(); each !== undefined; each = next.pop()) {
    if (reached.has(each)) continue;
    reached.add(each);
    next.push(...(imports.get(each) ?? []));
  }
  return reached;
}
