import type { Class, Node } from '@babel/types';
import { type FunctionNode, isClass } from './function-nodes.ts';

/** What a function is called, and where that begins: at the name that it is given to, or at the function itself. */
export interface NamedFunction {
  /** `''` if it has none. */
  name: string;
  start: number;
}

/**
 * The name that V8 gives to a function: its own, or that of the variable, property or member that it is assigned to.
 *
 * @param parents the innermost first
 */
export function functionName(node: FunctionNode | Class, parents: readonly Node[]): NamedFunction {
  const start = node.start ?? 0;
  if ('key' in node) {
    if (node.type === 'ClassMethod' && node.kind === 'constructor') return { name: className(parents), start };
    const prefix = node.kind === 'get' || node.kind === 'set' ? `${node.kind} ` : '';
    const key = keyName(node.key, node.type !== 'ClassPrivateMethod' && node.computed);
    return { name: key && prefix + key, start };
  }
  const given = givenName(parents[0]);
  const own = 'id' in node ? node.id?.name : undefined;
  return { name: own ?? given?.name ?? '', start: Math.min(start, given?.start ?? start) };
}

/** Of the class around a constructor: its parents are the class's body, the class and whatever is around that. */
function className(parents: readonly Node[]): string {
  const [, around, ...outer] = parents;
  return isClass(around) ? functionName(around, outer).name : '';
}

function givenName(parent: Node | undefined): NamedFunction | undefined {
  const start = parent?.start ?? 0;
  switch (parent?.type) {
    case 'VariableDeclarator':
      return { name: memberName(parent.id), start };
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return { name: memberName(parent.left), start };
    case 'ObjectProperty':
    case 'ClassProperty':
    case 'ClassAccessorProperty':
      return { name: keyName(parent.key, parent.computed ?? false), start };
    case 'ClassPrivateProperty':
      return { name: keyName(parent.key, false), start };
    case 'ExportDefaultDeclaration':
      return { name: 'default', start };
    default:
      return undefined;
  }
}

function keyName(key: Node, computed: boolean): string {
  if (key.type === 'StringLiteral' || key.type === 'NumericLiteral') return String(key.value);
  if (computed) return '';
  if (key.type === 'Identifier') return key.name;
  return key.type === 'PrivateName' ? `#${key.id.name}` : '';
}

/** `a`, or `a.b.c` as V8 infers it; `''` for a target that is computed. */
function memberName(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'ThisExpression') return 'this';
  if (node.type !== 'MemberExpression') return '';
  const [object, property] = [memberName(node.object), keyName(node.property, node.computed)];
  return object && property && `${object}.${property}`;
}
