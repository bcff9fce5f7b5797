import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClassDeclaration, type EnumDeclaration, type JSDoc, type JSDocableNode, Node, Project } from 'ts-morph';

const PROJECT = join(__dirname, '..');

/** Where the reference is kept. */
export const API_REFERENCE = join(PROJECT, 'docs/api.md');

/** What the package exports, as its docstrings say it: Markdown. */
export function apiReference(): string {
  // The names of CDK's types are enough: to look into them takes half a minute.
  const project = new Project({ compilerOptions: { noResolve: true, noLib: true, types: [] } });
  project.addSourceFilesAtPaths(join(PROJECT, 'lib/**/*.ts'));
  const exported = project.getSourceFileOrThrow(join(PROJECT, 'lib/index.ts')).getExportedDeclarations();
  const kindOf = (node?: Node) => KINDS.findIndex((isKind) => isKind(node));
  const inOrder = [...exported].sort(([, [a]], [, [b]]) => kindOf(a) - kindOf(b));
  const sections = inOrder.map(([name, [declaration]]) => {
    if (Node.isClassDeclaration(declaration)) return classSection(name, declaration);
    if (Node.isInterfaceDeclaration(declaration)) {
      return [`## ${name}`, text(declaration), ...properties(declaration.getProperties())];
    }
    if (Node.isEnumDeclaration(declaration)) {
      return [`## ${name}`, text(declaration), ...members(declaration)];
    }
    throw new Error(`The API reference does not know how to show ${name}.`);
  });
  const header = '<!-- Made from the docstrings by `npm run api-reference`. -->\n\n# API reference';
  return `${[header, ...sections.flat()].filter(Boolean).join('\n\n')}\n`;
}

/** In the order of the page. */
const KINDS = [Node.isClassDeclaration, Node.isInterfaceDeclaration, Node.isEnumDeclaration];

interface Property extends JSDocableNode {
  getName(): string;
  getTypeNode(): { getText(): string } | undefined;
  hasQuestionToken(): boolean;
}

function classSection(name: string, declaration: ClassDeclaration): string[] {
  const [made] = declaration.getConstructors();
  const parameters = made?.getParameters().map((each) => each.getText()) ?? [];
  const base = declaration.getExtends()?.getText();
  const isPublic = (each: { getScope(): string }) => each.getScope() === 'public';
  return [
    `## ${name}`,
    text(declaration),
    `\`\`\`ts\nnew ${name}(${parameters.join(', ')})\n\`\`\``,
    base ? `Extends \`${base}\`.` : '',
    ...properties(declaration.getInstanceProperties().filter(Node.isPropertyDeclaration).filter(isPublic)),
    ...declaration
      .getInstanceMethods()
      .filter(isPublic)
      .flatMap((method) => [`### ${signature(method.getText())}`, text(method)]),
  ];
}

/** A method up to its body. */
function signature(method: string): string {
  return `\`${method.replace(/\s*\{.*$/s, '').replace(/^.*\*\/\s*/s, '')}\``;
}

function members(declaration: EnumDeclaration): string[] {
  return declaration.getMembers().flatMap((member) => [`### \`${member.getName()}\``, text(member)]);
}

/** As TypeScript writes them: what may be left out has a question mark. */
function properties(all: readonly Property[]): string[] {
  return all.flatMap((property) => {
    const name = `${property.getName()}${property.hasQuestionToken() ? '?' : ''}`;
    return [`### \`${name}: ${property.getTypeNode()?.getText() ?? 'unknown'}\``, text(property)];
  });
}

/** The docstring: its text, then its tags. */
function text(node: JSDocableNode): string {
  const [doc] = node.getJsDocs().slice(-1);
  if (!doc) throw new Error(`There is no docstring:\n${(node as unknown as Node).getText()}`);
  return [plain(doc.getDescription()), ...tags(doc)].filter(Boolean).join('\n\n');
}

function tags(doc: JSDoc): string[] {
  return doc.getTags().map((tag) => {
    const comment = plain(tag.getCommentText() ?? '');
    if (tag.getTagName() === 'throws') return `Throws ${comment}.`;
    if (tag.getTagName() === 'default')
      return `Default: ${comment.startsWith('- ') ? comment.slice(2) : `\`${comment}\``}.`;
    return `${tag.getTagName()}: ${comment}`;
  });
}

/** Markdown in one line a paragraph; links to what is on the same page. */
function plain(comment: string): string {
  return comment
    .trim()
    .replace(/\{@link (\w+)\}/g, (_, name: string) => `[${name}](#${name.toLowerCase()})`)
    .replace(/(?<!\n)\n(?!\n)/g, ' ');
}

if (require.main === module) {
  const before = readFileSync(API_REFERENCE, 'utf8');
  writeFileSync(API_REFERENCE, apiReference());
  console.log(before === apiReference() ? 'docs/api.md is current.' : 'docs/api.md is written anew.');
}
