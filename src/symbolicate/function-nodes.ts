import type {
  ArrowFunctionExpression,
  Class,
  ClassMethod,
  ClassPrivateMethod,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  ObjectMethod,
} from '@babel/types';

/** Whatever V8 makes a function of, classes without a constructor left out. */
export type FunctionNode =
  | ArrowFunctionExpression
  | ClassMethod
  | ClassPrivateMethod
  | FunctionDeclaration
  | FunctionExpression
  | ObjectMethod;

export const isFunction = (node: Node): node is FunctionNode =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|Class(Private)?Method)$/.test(
    node.type,
  );

export const isClass = (node: Node | undefined): node is Class =>
  node?.type === 'ClassDeclaration' || node?.type === 'ClassExpression';

/** V8 gives a class without one a constructor that lies where the class begins. */
export const hasConstructor = ({ body }: Class): boolean =>
  body.body.some((member) => member.type === 'ClassMethod' && member.kind === 'constructor');

/**
 * Where V8 says that a function is: at the parenthesis of its parameters; an arrow function without one at its parameter,
 * an asynchronous arrow function at `async`, a class without constructor at its beginning.
 */
export function definitionOffset(node: FunctionNode | Class, source: string): number {
  const start = node.start ?? 0;
  if (isClass(node)) return start;
  const types = node.typeParameters?.end;
  if (node.type === 'ArrowFunctionExpression') {
    return node.async || types == null ? start : parenthesisAfter(types, source);
  }
  const name = 'key' in node ? node.key : node.id;
  return parenthesisAfter(types ?? name?.end ?? start, source);
}

/** The first one that is in no comment. */
function parenthesisAfter(offset: number, source: string): number {
  const ahead = /(?:\/\*[\s\S]*?\*\/|\/\/.*|[^(])*?\(/y;
  ahead.lastIndex = offset;
  return ahead.test(source) ? ahead.lastIndex - 1 : offset;
}
