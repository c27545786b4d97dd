/**
 * A source's name in a map as a path: relative to the project for what both bundlers call the project, as it is for the
 * rest. Next's own bundles name their sources relative to the package.
 */
export function sourcePath(source: string): string {
  const path = source
    .replace(/^webpack-internal:\/\/\//, 'webpack://_N_E/')
    .replace(/^turbopack:\/\/\/?\[project\]\//, '')
    .replace(/^turbopack:\/\/\/?/, '')
    .replace(/^webpack:\/\/next\/(\.\/)?/, 'node_modules/next/')
    .replace(/^webpack:\/\/[^/]*\/(\([\w-]+\)\/)?(\.\/)?/, '')
    .replace(/^file:\/\//, '')
    .replace(/^\.\//, '');
  const clean = path.replace(/\?[\w=&.-]*$/, '');
  try {
    return decodeURIComponent(clean);
  } catch {
    return clean;
  }
}
