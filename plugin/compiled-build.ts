/** What Next tells about the build that has just compiled. Both are absolute paths. */
export interface CompiledBuild {
  projectDir: string;
  distDir: string;
}
