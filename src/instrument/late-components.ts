import type { ComponentNames } from '../engine.ts';

/** A function that React calls on the server. */
export type ServerComponent = (...args: unknown[]) => unknown;

/** An element, as far as we look at it. */
interface Element {
  readonly $$typeof: symbol;
  readonly type: unknown;
  readonly props: { readonly children?: unknown };
}

const ELEMENTS = [Symbol.for('react.transitional.element'), Symbol.for('react.element')];
const SUSPENSE = Symbol.for('react.suspense');

/** Whatever a page returns gets at most so many spans. */
const MOST = 50;

/**
 * Returns what a component returned, with the server components below its `<Suspense>` boundaries replaced. Looks only
 * where React alone will look: through host elements, fragments and boundaries, never into what is given to a
 * component of the user's, who may compare types. Nothing is changed in place, and what has no boundary stays as it is.
 */
export function withLateComponents(
  result: unknown,
  names: ComponentNames,
  replace: (type: ServerComponent, name: string) => ServerComponent,
): unknown {
  // An element that is used twice must stay one element: React sends it once.
  const seen = new Map<unknown, unknown>();
  let count = 0;
  let known: Readonly<Record<string, unknown>> | undefined;

  const visit = (node: unknown, late: boolean): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    if (!seen.has(node)) seen.set(node, Array.isArray(node) ? visitList(node, late) : visitElement(node, late));
    return seen.get(node);
  };
  const visitList = (list: unknown[], late: boolean): unknown[] => {
    const visited = list.map((node) => visit(node, late));
    return visited.some((node, index) => node !== list[index]) ? visited : list;
  };
  const visitElement = (node: object, late: boolean): object => {
    if (!isElement(node)) return node;
    const { type, props } = node;
    if (isServerComponent(type)) {
      if (!late || count >= MOST) return node;
      known ??= namesFrom(names);
      const name = nameOf(type, known);
      if (name === '') return node;
      count++;
      return copy(node, { type: replace(type, name) });
    }
    if (typeof type !== 'string' && typeof type !== 'symbol') return node;
    const children = visit(props.children, late || type === SUSPENSE);
    return children === props.children ? node : copy(node, { props: Object.freeze({ ...props, children }) });
  };
  return visit(result, false);
}

function isElement(node: object): node is Element {
  return ELEMENTS.includes((node as Partial<Element>).$$typeof as symbol);
}

/** References to client components and server functions are functions, too, but marked. */
function isServerComponent(type: unknown): type is ServerComponent {
  return typeof type === 'function' && !('$$typeof' in type);
}

function namesFrom(names: ComponentNames): Readonly<Record<string, unknown>> {
  try {
    return names();
  } catch {
    // A name that is not there yet, or not any more.
    return {};
  }
}

/**
 * As the file calls it that uses it, which minifiers leave alone; else as it calls itself, unless that looks like what
 * a minifier left of its name.
 */
function nameOf(type: ServerComponent & { displayName?: unknown }, known: Readonly<Record<string, unknown>>): string {
  const used = Object.keys(known).find((name) => known[name] === type);
  if (used !== undefined) return used;
  if (typeof type.displayName === 'string') return type.displayName;
  return /^[A-Z].{2}/.test(type.name) ? type.name : '';
}

/** With everything that React's development build keeps on an element. */
function copy(element: Element, change: Partial<Element>): Element {
  const descriptors: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(element);
  for (const [key, value] of Object.entries(change)) {
    descriptors[key] = { value, enumerable: true, writable: false, configurable: true };
  }
  return Object.freeze(Object.create(Object.getPrototypeOf(element), descriptors));
}
