import type {
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  Program,
  Statement,
} from '@babel/types';

/** A function as written, in whatever form. */
export type FunctionNode = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

/** Where a node is in the source. Nodes of a parser have both; the types say otherwise. */
export function rangeOf({ start, end }: Node): [start: number, end: number] {
  return [start ?? 0, end ?? 0];
}

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return /^(FunctionDeclaration|(Arrow)?FunctionExpression)$/.test(node?.type ?? '');
}

export function directivesOf(node: Program | FunctionNode): string[] {
  const block = 'directives' in node ? node : node.body;
  return 'directives' in block ? block.directives.map(({ value }) => value.value) : [];
}

/** Next calls these by rules of its own: the key of a cached result depends on how. */
export function isCached(node: Program | FunctionNode): boolean {
  return directivesOf(node).some((directive) => /^use cache\b/.test(directive));
}

/** The expression within `x as T`, `x satisfies T` and `x!`. */
export function withoutTypes(node: Node | null | undefined): Node | null | undefined {
  return node != null && /^TS(As|Satisfies|NonNull|TypeAssertion)/.test(node.type) && 'expression' in node
    ? withoutTypes(node.expression as Node)
    : node;
}

/** The names that a binding, a parameter or a pattern of them declares. */
export function boundNames(pattern: Node | null | undefined): string[] {
  if (pattern == null) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === 'RestElement' ? property : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap(boundNames);
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'RestElement':
      return boundNames(pattern.argument);
    case 'TSParameterProperty':
      return boundNames(pattern.parameter);
    default:
      return [];
  }
}

/** Every node in a tree, itself first. */
export function* nodesIn(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && typeof child.type === 'string') yield* nodesIn(child);
    }
  }
}

/** What a statement exports, or the statement itself. */
export const declarationOf = (statement: Statement) =>
  'declaration' in statement && statement.declaration ? statement.declaration : statement;

/** Top-level functions, classes and constants by name, exported or not; what was declared and not how it was typed. */
export function declarationsIn({ body }: Program): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const statement of body) {
    const node = declarationOf(statement);
    if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id)
      found.set(node.id.name, node);
    if (node.type !== 'VariableDeclaration') continue;
    for (const { id, init } of node.declarations) {
      const value = withoutTypes(init);
      if (id.type === 'Identifier' && value) found.set(id.name, value);
    }
  }
  return found;
}
