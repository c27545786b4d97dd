import type { Node, Program } from '@babel/types';
import { declarationsIn, directivesOf, isCached } from './syntax.ts';

/** Whether a file is for the browser, the edge or Next's cache. */
export function isSkipped(program: Program): boolean {
  if (directivesOf(program).includes('use client') || isCached(program)) return true;
  const declarations = declarationsIn(program);
  return isEdge(declarations.get('runtime')) || isEdge(propertyOf(declarations.get('config'), 'runtime'));
}

function isEdge(node: Node | undefined): boolean {
  return node?.type === 'StringLiteral' && /^(experimental-)?edge$/.test(node.value);
}

function propertyOf(node: Node | undefined, name: string): Node | undefined {
  if (node?.type !== 'ObjectExpression') return undefined;
  for (const property of node.properties) {
    if (property.type !== 'ObjectProperty' || property.computed) continue;
    const key = property.key.type === 'Identifier' ? property.key.name : 'value' in property.key && property.key.value;
    if (key === name) return property.value;
  }
  return undefined;
}
