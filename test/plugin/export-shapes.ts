export const ROUTE = 'app/(shop)/api/@slot/busy/route.ts';
export const PAGE = 'src/app/blog/[slug]/page.js';

export interface Shape {
  is: string;
  path?: string;
  source: string;
  others?: Record<string, string>;
  /** The export that is called, and the span that is expected of it; none where it is to be left alone. */
  calls?: Record<string, string | null>;
}

const GET = { GET: 'Route GET /api/busy' };
const DEFAULT = { default: 'Page /blog/[slug] renders' };

/** One for each way to export something. */
export const SHAPES: readonly Shape[] = [
  { is: 'an async function', source: 'export async function GET(request, context) { return 1 }', calls: GET },
  {
    is: 'a sync function with types',
    source: 'export function GET(request: Request): number { return 1 }',
    calls: GET,
  },
  {
    is: 'overloads',
    source:
      'export function GET(a: string): 1;\nexport function GET(a: number): 1;\nexport function GET(a: unknown) { return 1 }',
    calls: GET,
  },
  { is: 'a constant function', source: 'export const GET = async (request) => 1;', calls: GET },
  {
    is: 'two in one declaration',
    source: 'export const GET = () => 1, POST = () => 2',
    calls: { ...GET, POST: 'Route POST /api/busy' },
  },
  {
    is: 'a handler that was wrapped',
    source:
      'const withAuth = (f) => Object.assign((...all) => f(...all), { auth: 1 });\nexport const GET = withAuth(() => 1);',
    calls: GET,
  },
  {
    is: 'what a factory gives',
    source: 'const make = () => ({ GET: () => 1, POST: () => 2 });\nexport const { GET, POST } = make();',
    calls: GET,
  },
  {
    is: 'an export list before its functions',
    source:
      'export { handler as GET, handler as POST, dynamic };\nconst handler = async () => 1;\nconst dynamic = "force-dynamic";',
    calls: { ...GET, POST: 'Route POST /api/busy' },
  },
  {
    is: 'a re-export',
    source: "export { GET, dynamic } from './other';\nexport { other as POST } from './other'",
    others: { 'app/(shop)/api/@slot/busy/other.ts': 'export const GET = () => 1, other = () => 2, dynamic = "auto";' },
    calls: { ...GET, POST: 'Route POST /api/busy' },
  },
  {
    is: 'an imported function',
    source: "import { GET } from './other';\nexport { GET };",
    others: { 'app/(shop)/api/@slot/busy/other.ts': 'export const GET = () => 1;' },
    calls: GET,
  },
  {
    is: 'a re-export of everything',
    source: "export * from './other';",
    others: { 'app/(shop)/api/@slot/busy/other.ts': 'export const GET = () => 1;' },
    calls: { GET: null },
  },
  {
    is: 'config beside a handler',
    source:
      'export const dynamic = "force-dynamic", revalidate = 5;\nexport const runtime = "nodejs";\nexport const maxDuration = 30;\nexport const GET = () => 1',
    calls: GET,
  },
  {
    is: 'config and handler in one declaration',
    source: 'export const dynamic = "auto", GET = () => 1;',
    calls: { GET: null },
  },
  { is: 'a binding that may change', source: 'export let GET = () => 1;', calls: { GET: null } },
  { is: 'a generator', source: 'export function* GET() {}', calls: { GET: null } },
  {
    is: 'names that are globals',
    source: 'export const Proxy = 1, Reflect = 2;\nexport function GET() { return 1 }\nfunction Symbol() {}',
    calls: GET,
  },
  { is: 'code without semicolons, ending in a comment', source: 'export const GET = () => 1\n// the end', calls: GET },
  {
    is: 'a page',
    path: PAGE,
    source:
      'export const metadata = { title: "x" };\nexport async function generateMetadata(props, parent) { return {} }\nexport function generateStaticParams() { return [] }\nexport default async function BlogPost({ params }) { return 1 }\nBlogPost.displayName = "Post";',
    calls: { ...DEFAULT, generateMetadata: 'Metadata /blog/[slug]', generateStaticParams: null },
  },
  {
    is: 'a page without a name',
    path: PAGE,
    source: 'export default function () { return 1 }\nexport const dynamic = "auto"',
    calls: DEFAULT,
  },
  { is: 'an arrow function', path: PAGE, source: 'export default async ({ params }) => 1', calls: DEFAULT },
  {
    is: 'an arrow function in parentheses',
    path: PAGE,
    source: 'export default (async ({ params }) => 1);',
    calls: DEFAULT,
  },
  {
    is: 'a constant by its name',
    path: PAGE,
    source: 'const Page = () => 1;\nPage.propTypes = {};\nexport default Page;',
    calls: DEFAULT,
  },
  {
    is: 'a default in an export list',
    path: PAGE,
    source: 'function Page() { return 1 }\nexport { Page as default, metadata };\nconst metadata = {};',
    calls: DEFAULT,
  },
  {
    is: 'a default that is re-exported',
    path: PAGE,
    source: "export { default, metadata } from './other'",
    others: {
      'src/app/blog/[slug]/other.js': 'export default function Other() { return 1 }\nexport const metadata = {}',
    },
    calls: DEFAULT,
  },
  {
    is: 'a default with a type',
    path: 'app/page.ts',
    source: 'const Page = () => 1;\nexport default Page satisfies Function;',
    calls: { default: 'Page / renders' },
  },
  {
    is: 'an object like memo’s',
    path: PAGE,
    source: 'const memo = (type) => ({ $$typeof: Symbol.for("react.memo"), type });\nexport default memo(() => 1);',
    calls: { default: null },
  },
  {
    is: 'a client reference',
    path: PAGE,
    source: 'export default Object.assign(() => 1, { $$typeof: Symbol.for("react.client.reference") })',
    calls: { default: null },
  },
  {
    is: 'a class',
    path: PAGE,
    source: 'export default class Page { static #secret = 1; static look() { return this.#secret } }',
  },
  {
    is: 'a constant that is a class',
    path: PAGE,
    source: 'const Page = class { static #secret = 1; static look() { return this.#secret } }\nexport default Page',
  },
  {
    is: 'a cached function',
    path: PAGE,
    source: 'export default async function Page() { "use cache"; return 1 }',
    calls: { default: null },
  },
  {
    is: 'a constant that is cached',
    path: PAGE,
    source: 'const Page = async () => { "use cache: remote"; return 1 }\nexport default Page',
    calls: { default: null },
  },
  {
    is: 'a cached file',
    path: PAGE,
    source: '"use cache";\nexport default async function Page() { return 1 }',
    calls: { default: null },
  },
  {
    is: 'a client file',
    path: PAGE,
    source: '"use client";\nexport default function Page() { return 1 }',
    calls: { default: null },
  },
  {
    is: 'a route on the edge',
    source: 'export const runtime = "edge" as const;\nexport const GET = () => 1',
    calls: { GET: null },
  },
  {
    is: 'an API route on the edge',
    path: 'pages/api/x.ts',
    source: 'export const config = { runtime: "edge" };\nexport default () => 1',
    calls: { default: null },
  },
  {
    is: 'a layout',
    path: 'app/layout.js',
    source: 'export default function Layout({ children }) { return children }',
    calls: { default: 'Layout / renders' },
  },
  {
    is: 'a template',
    path: 'app/blog/(a)/template.js',
    source: 'export default function Template({ children }) { return children }',
    calls: { default: 'Template /blog renders' },
  },
  {
    is: 'an API route',
    path: 'pages/api/users/index.ts',
    source: 'export const config = { api: {} };\nexport default function handler(request, response) { return 1 }',
    calls: { default: 'API /api/users' },
  },
  {
    is: 'getServerSideProps',
    path: 'pages/y.js',
    source:
      'export const getServerSideProps = async (context) => ({ props: {} });\nexport default function Y() { return 1 }',
    calls: { getServerSideProps: 'getServerSideProps /y', default: null },
  },
  {
    is: 'proxy.ts',
    path: 'proxy.ts',
    source: 'export function proxy(request) { return 1 }\nexport const config = { matcher: "/x" };',
    calls: { proxy: 'Proxy' },
  },
  {
    is: 'middleware',
    path: 'src/middleware.ts',
    source: 'export default async function (request) { return 1 }\nexport const config = { runtime: "nodejs" };',
    calls: { default: 'Middleware' },
  },
  { is: 'a module of the user’s', path: 'lib/route.js', source: 'export const GET = () => 1', calls: { GET: null } },
  {
    is: 'a component beside a page',
    path: 'app/blog/list.js',
    source: 'export default function List() { return 1 }',
    calls: { default: null },
  },
  {
    is: 'an unused page of a test',
    path: 'app/page.test.js',
    source: 'export default function Page() { return 1 }',
    calls: { default: null },
  },
];
