import type { Node, Program } from '@babel/types';
import type MagicString from 'magic-string';
import { RUN, wrapCall } from './added-code.ts';
import {
  boundNames,
  declarationsIn,
  type FunctionNode,
  isCached,
  isFunction,
  nodesIn,
  rangeOf,
  withoutTypes,
} from './syntax.ts';

/**
 * Puts the body of each exported function of a `'use server'` file into a call. The function itself stays where and
 * what it is: Next writes the number of its parameters into the action's id, which the browser's build must arrive at,
 * too. Returns which of the added functions are called.
 */
export function wrapActions(source: string, program: Program, code: MagicString): { wraps: boolean; runs: boolean } {
  const called = { wraps: false, runs: false };
  for (const [name, node] of actionsIn(program)) {
    if (isFunction(node)) {
      if (!canMove(node)) continue;
      moveBody(source, code, node, name);
      called.runs = true;
    } else if (node.type === 'CallExpression') {
      // An action that another function makes. Next takes any call for a function of unknown parameters.
      const [before, after] = wrapCall('\n', `Action ${name}`).split('\n') as [string, string];
      code.appendRight(rangeOf(node)[0], before).appendLeft(rangeOf(node)[1], after);
      called.wraps = true;
    }
  }
  return called;
}

/** Exported functions and calls by name, each once. */
function actionsIn(program: Program): Map<string, Node> {
  const declarations = declarationsIn(program);
  const found = new Map<Node, string>();
  const add = (exported: string, node: Node | null | undefined): void => {
    const value = withoutTypes(node);
    if (value && !found.has(value)) found.set(value, exported);
  };
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') {
      const value = statement.declaration;
      if (value.type === 'Identifier') add(value.name, declarations.get(value.name));
      else add((value.type === 'FunctionDeclaration' && value.id?.name) || 'default', value);
    }
    if (statement.type !== 'ExportNamedDeclaration' || statement.source || statement.exportKind === 'type') continue;
    const { declaration, specifiers } = statement;
    if (declaration?.type === 'FunctionDeclaration' && declaration.id) add(declaration.id.name, declaration);
    if (declaration?.type === 'VariableDeclaration') {
      for (const { id, init } of declaration.declarations) if (id.type === 'Identifier') add(id.name, init);
    }
    for (const specifier of specifiers) {
      if (specifier.type !== 'ExportSpecifier' || specifier.exported.type !== 'Identifier') continue;
      const { name } = specifier.exported;
      add(name === 'default' ? specifier.local.name : name, declarations.get(specifier.local.name));
    }
  }
  return new Map([...found].map(([node, exported]) => [exported, node]));
}

/** Whether a function's body means the same in a function without parameters. */
function canMove(node: FunctionNode): boolean {
  if (!node.async || node.generator || isCached(node)) return false;
  const parameters = new Set(node.params.flatMap(boundNames));
  for (const inner of nodesIn(node.body)) {
    if (inner.type === 'ThisExpression' || (inner.type === 'Identifier' && inner.name === 'arguments')) return false;
    // These may share a parameter's name, and its value with it.
    if (inner.type === 'VariableDeclaration' && inner.kind === 'var') {
      if (inner.declarations.some(({ id }) => boundNames(id).some((name) => parameters.has(name)))) return false;
    }
    if (inner.type === 'FunctionDeclaration' && inner.id && parameters.has(inner.id.name)) return false;
  }
  return true;
}

function moveBody(source: string, code: MagicString, node: FunctionNode, action: string): void {
  const { body } = node;
  // So that profiles name it. But a body that calls its own function must reach that one.
  const name = callsItself(body, action) || action === 'default' ? '' : ` ${action}`;
  const open = `${RUN}(${JSON.stringify(`Action ${action}`)}, async function${name}() {`;
  const [start, end] = rangeOf(body);
  if (body.type === 'BlockStatement') {
    // A directive says something of the function, not of its body.
    const last = body.directives.at(-1);
    code.appendLeft(last ? rangeOf(last)[1] : start + 1, `${last ? ';' : ''} return ${open}`);
    code.appendRight(end - 1, '});');
    return;
  }
  const parenthesis = body.extra?.parenStart;
  code.appendRight(typeof parenthesis === 'number' ? parenthesis : start, `${open} return (`);
  code.appendLeft(rangeOf(node)[1], endsInLineComment(source.slice(end, rangeOf(node)[1])) ? '\n); })' : '); })');
}

function callsItself(body: Node, name: string): boolean {
  for (const node of nodesIn(body)) if (node.type === 'Identifier' && node.name === name) return true;
  return false;
}

const endsInLineComment = (text: string): boolean => /\/\/[^\n]*$/.test(text);
