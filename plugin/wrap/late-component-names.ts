import type { JSXOpeningElement, Program } from '@babel/types';
import { boundNames, declarationOf, nodesIn } from './syntax.ts';

type ElementName = JSXOpeningElement['name'];

/**
 * What a file calls the components that it puts below a `<Suspense>`, as far as the whole file knows them by that name:
 * `Late`, `Shop.Late`. Not all that it renders: a name that we add keeps what a bundler might leave out.
 */
export function lateComponentNames(program: Program): string[] {
  const names = new Set<string>();
  for (const node of nodesIn(program)) {
    if (node.type !== 'JSXElement' || !/(^|\.)Suspense$/.test(written(node.openingElement.name))) continue;
    for (const child of node.children) {
      for (const below of nodesIn(child)) if (below.type === 'JSXOpeningElement') names.add(written(below.name));
    }
  }
  if (names.size === 0) return [];
  const known = new Set(topLevelNames(program));
  return [...names].filter((name) => isComponent(name) && known.has(name.split('.')[0] ?? ''));
}

function isComponent(name: string): boolean {
  return /^[A-Z_$]|\./.test(name);
}

/** Without a name of its own: `<a:b>`. */
function written(name: ElementName): string {
  if (name.type === 'JSXIdentifier') return name.name;
  return name.type === 'JSXMemberExpression' ? `${written(name.object)}.${name.property.name}` : '';
}

function topLevelNames({ body }: Program): string[] {
  return body.flatMap((statement) => {
    if (statement.type === 'ImportDeclaration') return statement.specifiers.map(({ local }) => local.name);
    const node = declarationOf(statement);
    if (node.type === 'VariableDeclaration') return node.declarations.flatMap(({ id }) => boundNames(id));
    return 'id' in node && node.id?.type === 'Identifier' ? [node.id.name] : [];
  });
}
