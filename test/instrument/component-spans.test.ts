import { createElement, type ReactElement, Suspense } from 'react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ComponentSpans } from '../../src/instrument/component-spans.ts';
import { markPrerenders } from '../../src/instrument/prerenders.ts';
import { FakeOpenTelemetry } from './fake-open-telemetry.ts';

let otel: FakeOpenTelemetry;
let spans: ComponentSpans;
beforeEach(() => {
  otel = new FakeOpenTelemetry();
  spans = new ComponentSpans();
});
afterEach(() => otel.unregister());

const noNames = () => ({});

const names = (): string[] => otel.spans.map(({ name }) => name);

describe('a span', () => {
  test('is active while the function runs, also after it waited, and ends when it settles', async () => {
    let settle = (): void => {};
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const result = otel.within(true, () =>
      spans.run('Page /', async () => {
        await settled;
        return otel.active?.name;
      }),
    );
    expect(otel.spans[0]).toMatchObject({ name: 'Page /', parent: { name: 'root' }, ended: false });
    settle();
    expect(await result).toBe('Page /');
    expect(otel.spans[0]?.ended).toBe(true);
  });

  test('ends at once with a function that does not wait, and with one that throws', () => {
    const error = new Error('NEXT_REDIRECT');
    otel.within(true, () => {
      expect(spans.run('Route GET /', () => 7)).toBe(7);
      expect(() =>
        spans.run(
          'Route PUT /',
          () => {
            throw error;
          },
          noNames,
        ),
      ).toThrow(error);
    });
    expect(otel.spans.map(({ name, ended }) => [name, ended])).toEqual([
      ['Route GET /', true],
      ['Route PUT /', true],
    ]);
  });

  test('leaves the very promise, stream or thenable that the function gave', () => {
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
    for (const value of [Promise.resolve(1), new ReadableStream(), { then: () => {} }]) {
      expect(otel.within(true, () => spans.run('Route GET /', () => value))).toBe(value);
    }
  });

  test('passes a rejection on as it is', async () => {
    const error = new Error('NEXT_NOT_FOUND');
    for (const components of [noNames, undefined]) {
      const result = otel.within(true, () => spans.run('Page /', () => Promise.reject(error), components));
      await expect(result).rejects.toBe(error);
      expect(otel.spans[0]?.ended).toBe(true);
    }
  });

  test('is not started without a parent that is recorded, or without a tracer', () => {
    expect(spans.run('Page /', () => 1, noNames)).toBe(1);
    expect(otel.within(false, () => spans.run('Page /', () => 2, noNames))).toBe(2);
    expect(names()).toEqual([]);
    otel.unregister();
    expect(spans.run('Page /', () => 3, noNames)).toBe(3);
  });

  test('is not started in a prerender, however deep', () => {
    const on = (_: string, follow: (span: unknown) => void): void => {
      otel.onStart = follow;
    };
    markPrerenders({ on } as never);
    const run = () => spans.run('Page /', () => 1, noNames);
    otel.within(true, () => {
      otel.withSpan('prerender route (app) /', () => otel.withSpan('generateMetadata /page', run));
      expect(names()).not.toContain('Page /');
      otel.withSpan('render route (app) /', run);
      expect(names()).toContain('Page /');
    });
  });

  test('starts and ends outside of the app’s async contexts, in which Next forbids clocks', async () => {
    const inside = await otel.within(true, () =>
      otel.watched.run('prerender', () => spans.run('Page /', async () => otel.watched.getStore(), noNames)),
    );
    expect(inside).toBe('prerender');
    expect(otel.spans[0]?.seen).toEqual([undefined, undefined]);
  });
});

const Late = ({ id }: { id: number }) => `late ${id} in ${otel.active?.name}`;
const Early = () => 'early';

describe('late components', () => {
  const page = (children: ReactElement, components: () => Record<string, unknown> = noNames) =>
    otel.within(true, () => spans.run('Page /', () => children, components)) as ReactElement<{
      children: ReactElement;
    }>;
  const call = (element: ReactElement): unknown => (element.type as (props: unknown) => unknown)(element.props);

  test('have spans below their page’s, when React calls them later, in a context of its own', () => {
    const late = createElement(Late, { id: 7, key: 'k' });
    const result = page(createElement('main', null, createElement(Suspense, { fallback: 'wait' }, late)));
    const replaced = result.props.children.props as unknown as { children: ReactElement };
    expect(replaced.children).toMatchObject({ key: 'k', props: { id: 7 } });
    expect((replaced.children.type as { name: string }).name).toBe('Late');
    const before = otel.spans[0];
    expect(before?.ended).toBe(true);
    expect(otel.within(true, () => call(replaced.children))).toBe('late 7 in Component Late');
    expect(otel.spans[0]).toMatchObject({ name: 'Component Late', ended: true });
    expect(otel.spans[0]?.parent).toBe(before);
    expect(call(replaced.children), 'without a recording span').toBe('late 7 in undefined');
  });

  test('have the names by which the file uses them, whatever a minifier made of their own', () => {
    const n = () => 'a minified name';
    const te = () => 'another';
    const names = () => ({ Shop: n, 'Shop.Basket': te });
    const named = (type: () => string, components: () => Record<string, unknown>): string | undefined => {
      const { props } = page(createElement(Suspense, null, createElement(type)), components);
      otel.within(true, () => call(props.children));
      return otel.spans.shift()?.name;
    };
    expect([named(n, names), named(te, names), named(Early, names)]).toEqual([
      'Component Shop',
      'Component Shop.Basket',
      'Component Early',
    ]);
    expect(named(te, noNames), 'no span with a name that says nothing').toBeUndefined();
    const broken = (): never => {
      throw new ReferenceError('Cannot access before initialization');
    };
    expect(named(Early, broken)).toBe('Component Early');
  });

  test('leave everything else the very same', () => {
    const Client = Object.assign(() => null, { $$typeof: Symbol.for('react.client.reference') });
    for (const same of [
      createElement('p', null, createElement(Early)),
      createElement(Suspense, null, createElement(Client), 'text', ['list', 7, null]),
      createElement(Early, null, createElement(Suspense, null, createElement(Late, { id: 1 }))),
      createElement(
        Suspense,
        null,
        createElement(() => 'nameless'),
      ),
    ]) {
      expect(page(same)).toBe(same);
    }
    for (const value of [null, 'text', 7, new Map([[1, 2]]), [1, [2]]]) {
      expect(otel.within(true, () => spans.run('Page /', () => value, noNames))).toBe(value);
    }
  });

  test('keep an element that is used twice one element', () => {
    const late = createElement(Late, { id: 1 });
    const { props } = page(createElement(Suspense, null, late, createElement('p', null, late)));
    const [first, paragraph] = (props as unknown as { children: ReactElement<{ children: ReactElement }>[] }).children;
    expect(first).not.toBe(late);
    expect(paragraph?.props.children).toBe(first);
  });
});
