import { hostTarget } from '../../native/target.ts';
import { type BootOptions, examineServer, type Received, type ServerExamination } from './examine-server.ts';
import type { Build } from './find-build.ts';
import { type Installed, readInstalled } from './read-installed.ts';
import { type Output, readOutput } from './read-output.ts';
import { serverOf } from './server-of.ts';

/** Everything that the checks judge. What could not be looked at is null. */
export interface Examination {
  readonly directory: string;
  /** This process and what it runs on; the server is started by the same Node. */
  readonly host: { readonly node: string; readonly target: string };
  readonly build: Build | null;
  readonly installed: Installed | null;
  /** Why no server can be started. */
  readonly noServer: Exclude<ReturnType<typeof serverOf>, object> | null;
  /** What the server finds beside it. */
  readonly output: Output | null;
  readonly server: ServerExamination | null;
  readonly received: Received | null;
}

export async function examine(directory: string, build: Build | undefined, options: BootOptions): Promise<Examination> {
  const host = { node: process.versions.node, target: hostTarget() };
  const nothing = { directory, host, build: null, installed: null, noServer: null, output: null };
  if (build === undefined) return { ...nothing, server: null, received: null };
  const command = serverOf(build);
  const isProject = typeof command === 'string' || command.kind === 'next start' || command.build !== build;
  const seen = { ...nothing, build, installed: readInstalled(build.folder, isProject) };
  if (typeof command === 'string') return { ...seen, noServer: command, server: null, received: null };
  return { ...seen, output: readOutput(command.build), ...(await examineServer(command, options)) };
}
