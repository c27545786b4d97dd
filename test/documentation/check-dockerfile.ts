const INSTRUCTIONS =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR) /;

/** What is wrong with a Dockerfile: an instruction that there is none of, a stage that was not begun, a list that is none. */
export function wrongInDockerfile(text: string): string[] {
  const stages = new Set<string>();
  return text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .flatMap((line, index) => {
      if (!INSTRUCTIONS.test(line)) return [`no instruction: ${line}`];
      if (index === 0 && !/^(FROM|ARG) /.test(line)) return [`it begins with ${line}`];
      const from = /--from=(\S+)/.exec(line)?.[1];
      if (from !== undefined && !stages.has(from)) return [`no stage ${from}: ${line}`];
      const stage = /^FROM .* AS (\S+)$/.exec(line)?.[1];
      if (stage !== undefined) stages.add(stage);
      const list = /^(?:CMD|ENTRYPOINT|SHELL) (\[.*)$/.exec(line)?.[1];
      return list === undefined || isJson(list) ? [] : [`no list: ${line}`];
    });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
