import type { ExportDefaultDeclaration, ExportNamedDeclaration, Node, Program } from '@babel/types';
import type MagicString from 'magic-string';
import { PREFIX, wrapCall } from './added-code.ts';
import { lateComponentNames } from './late-component-names.ts';
import type { ExportSpan, ExportSpans } from './span-names.ts';
import { boundNames, declarationsIn, isCached, isFunction, rangeOf, withoutTypes } from './syntax.ts';

/** Replaces exports by wrapped ones of the same name. What an export is has to be told from this file alone. */
export class ExportWrapper {
  readonly #source: string;
  readonly #code: MagicString;
  readonly #spans: ExportSpans;
  readonly #declarations: Map<string, Node>;
  readonly #program: Program;
  /** To go to the end of the file, where everything is declared. */
  readonly #appended: string[] = [];
  #changed = false;

  constructor(source: string, program: Program, code: MagicString, spans: ExportSpans) {
    this.#source = source;
    this.#code = code;
    this.#spans = spans;
    this.#program = program;
    this.#declarations = declarationsIn(program);
  }

  /** Returns whether there was something to wrap. */
  wrap(): boolean {
    for (const statement of this.#program.body) {
      if (statement.type === 'ExportDefaultDeclaration') this.#wrapDefault(statement);
      else if (statement.type === 'ExportNamedDeclaration' && statement.exportKind !== 'type')
        this.#wrapNamed(statement);
    }
    this.#code.append(this.#appended.map((line) => `\n${line}`).join(''));
    return this.#changed;
  }

  #wrapDefault(statement: ExportDefaultDeclaration): void {
    const span = this.#spans.get('default');
    const { declaration } = statement;
    if (!span || !this.#isWrappable(declaration)) return;
    if (declaration.type === 'FunctionDeclaration' && declaration.id) {
      const { name } = declaration.id;
      for (const overload of this.#program.body) {
        if (overload.type === 'ExportDefaultDeclaration') this.#unexport(overload, overload.declaration);
      }
      this.#append(name, 'default');
      return;
    }
    const [start, end] = rangeOf(statement);
    const keywords = /^export\s+default\b/.exec(this.#source.slice(start, end))?.[0];
    if (keywords === undefined) return;
    const local = `${PREFIX}_default`;
    const [before, after] = this.#wrapped('\n', span).split('\n') as [string, string];
    // Only a property gives a function without a name the name that an export gives it.
    const named = isFunction(declaration) ? ['{ default:', ' }.default'] : ['', ''];
    this.#code.overwrite(start, start + keywords.length, `const ${local} = ${before}${named[0]}`);
    const semicolon = this.#source[end - 1] === ';' && declaration.type !== 'FunctionDeclaration';
    if (semicolon) this.#code.remove(end - 1, end);
    this.#code.appendLeft(semicolon ? end - 1 : end, `${named[1]}${after};`);
    this.#appended.push(`export { ${local} as default };`);
    this.#changed = true;
  }

  #wrapNamed(statement: ExportNamedDeclaration): void {
    if (statement.declaration) this.#wrapDeclared(statement, statement.declaration);
    else if (statement.source) this.#wrapReExported(statement);
    else this.#wrapListed(statement);
  }

  #wrapDeclared(statement: ExportNamedDeclaration, declaration: Node): void {
    if (declaration.type === 'FunctionDeclaration' && declaration.id) {
      const { name } = declaration.id;
      if (!this.#spans.has(name) || !this.#isWrappable(declaration)) return;
      for (const overload of this.#program.body) {
        if (overload.type !== 'ExportNamedDeclaration' || !overload.declaration) continue;
        const { id } = overload.declaration as { id?: Node };
        if (id?.type === 'Identifier' && id.name === name) this.#unexport(overload, overload.declaration);
      }
      this.#append(name, name);
    } else if (declaration.type === 'VariableDeclaration' && declaration.kind === 'const' && !declaration.declare) {
      const names = declaration.declarations.flatMap(({ id }) => boundNames(id));
      // An export that Next reads from the source, as `dynamic`, must stay a declaration.
      if (names.length === 0 || !names.every((name) => this.#spans.has(name) && this.#isWrappableName(name))) return;
      this.#unexport(statement, declaration);
      for (const name of names) this.#append(name, name);
    }
  }

  /** `export { handler as GET }` */
  #wrapListed(statement: ExportNamedDeclaration): void {
    const kept = this.#partition(statement, (local, exported) => {
      if (!this.#isWrappableName(local)) return false;
      this.#append(local, exported);
      return true;
    });
    if (kept) this.#code.overwrite(...rangeOf(statement), kept.length > 0 ? `export { ${kept.join(', ')} };` : ';');
  }

  /** `export { GET } from './handler'` */
  #wrapReExported(statement: ExportNamedDeclaration): void {
    if (!statement.source) return;
    const imported: string[] = [];
    const kept = this.#partition(statement, (local, exported) => {
      const name = `${PREFIX}_from_${exported}`;
      imported.push(`${local} as ${name}`);
      this.#append(name, exported);
      return true;
    });
    if (!kept) return;
    const [start, end] = rangeOf(statement);
    const from = `from ${this.#source.slice(statement.source.start ?? end, end).replace(/;$/, '')};`;
    const rest = kept.length > 0 ? `export { ${kept.join(', ')} } ${from} ` : '';
    this.#code.overwrite(start, end, `${rest}import { ${imported.join(', ')} } ${from}`);
  }

  /** Returns the specifiers that `take` did not take, as written; `null` if it took none. */
  #partition(
    { specifiers }: ExportNamedDeclaration,
    take: (local: string, exported: string) => boolean,
  ): string[] | null {
    const kept = specifiers.filter((specifier) => {
      if (specifier.type !== 'ExportSpecifier' || specifier.exportKind === 'type') return true;
      const { local, exported } = specifier;
      return exported.type !== 'Identifier' || !this.#spans.has(exported.name) || !take(local.name, exported.name);
    });
    if (kept.length === specifiers.length) return null;
    return kept.map((specifier) => this.#source.slice(...rangeOf(specifier)));
  }

  #append(local: string, exported: string): void {
    const span = this.#spans.get(exported);
    if (!span) return;
    const wrapped = `${PREFIX}_${exported}`;
    this.#appended.push(`const ${wrapped} = ${this.#wrapped(local, span)};`, `export { ${wrapped} as ${exported} };`);
    this.#changed = true;
  }

  #wrapped(expression: string, { name, renders }: ExportSpan): string {
    return wrapCall(expression, name, renders ? lateComponentNames(this.#program) : null);
  }

  #unexport(statement: Node, declaration: Node): void {
    this.#code.remove(rangeOf(statement)[0], rangeOf(declaration)[0]);
  }

  #isWrappableName(name: string): boolean {
    const declaration = this.#declarations.get(name);
    return declaration === undefined || this.#isWrappable(declaration);
  }

  /** Not what can never be called, and not what another call would change: a cached function, a generator. */
  #isWrappable(node: Node): boolean {
    const value = withoutTypes(node);
    if (value?.type === 'Identifier' && value.name !== 'undefined') {
      const declaration = this.#declarations.get(value.name);
      return declaration === undefined || declaration === value || this.#isWrappable(declaration);
    }
    if (isFunction(value)) return !value.generator && !isCached(value);
    return !/^Class|Literal$|^Object|^Array|^TS|^undefined/.test(value?.type ?? 'undefined');
  }
}
