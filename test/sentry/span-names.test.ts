import { expect, test } from 'vitest';
import type { SpanLike } from '../../src/engine.ts';
import { describeSpan } from '../../src/sentry/span-names.ts';

const ATTRIBUTES = { 'next.route': '/blog/[slug]' };

const FORMS: [sdk: string, span: Partial<SpanLike>][] = [
  ['Sentry 10', { getSpanJSON: () => ({ description: 'GET /blog/[slug]', data: ATTRIBUTES }) }],
  ['Sentry 11', { getSpanJSON: () => ({ name: 'GET /blog/[slug]', attributes: ATTRIBUTES }) }],
  ['OpenTelemetry', { name: 'GET /blog/[slug]', attributes: ATTRIBUTES }],
];

test.for(FORMS)('a span of %s says its name and route', ([, span]) => {
  expect(describeSpan(span as SpanLike)).toEqual({ name: 'GET /blog/[slug]', route: '/blog/[slug]' });
});

test('a span that says neither has neither', () => {
  expect(describeSpan({} as SpanLike)).toEqual({});
});
