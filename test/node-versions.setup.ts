import { installNodeVersions } from './node-versions.ts';

export default function setup(): void {
  installNodeVersions((line) => console.log(`» ${line}`));
}
