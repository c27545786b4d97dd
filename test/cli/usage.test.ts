import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, temporaryFolder } from './run-cli.ts';

describe('every command explains itself', () => {
  test('--help of the whole lists the commands and the exit codes', async () => {
    const { code, stdout } = await runCli(['--help']);
    expect(code).toBe(0);
    for (const word of ['run', 'collect', 'top', 'Exit codes: 0 done']) expect(stdout).toContain(word);
  });

  test.each(['run', 'collect', 'top'])('%s --help shows its usage, %s --version the version', async (command) => {
    const help = await runCli([command, '--help']);
    expect(help).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Usage: next-profiling ${command}`),
      stderr: '',
    });
    const version = await runCli([command, '--version']);
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/), stderr: '' });
  });

  test('--help after -- belongs to the command that is run', async () => {
    const { stdout } = await runCli(['run', '--', process.execPath, '--help']);
    expect(stdout).toContain('Usage: node [options]');
  });

  test('help fits a terminal of 100 columns', async () => {
    for (const args of [
      ['--help'],
      ['run', '--help'],
      ['collect', '--help'],
      ['top', '--help'],
      ['export', '--help'],
    ]) {
      const { stdout } = await runCli(args);
      expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
    }
  });
});

describe('wrong usage ends with 2 and says what is allowed or near', () => {
  test.each<[string[], RegExp]>([
    [['tpo'], /unknown command 'tpo', did you mean top\?/],
    [['somethingelse'], /unknown command 'somethingelse'; see/],
    [['--hlep'], /unknown option '--hlep', did you mean --help\?/],
    [['top', '--rout', 'x'], /unknown option --rout, did you mean --route\?; see next-profiling top --help/],
    [['top', '--zzzzzz'], /unknown option --zzzzzz; see/],
    [['top', '-r'], /unknown option -r/],
    [['top', '--constructor'], /unknown option --constructor/],
    [['top', '/api/busy'], /unexpected argument '\/api\/busy'/],
    [['top', '--by', 'colour'], /--by is 'colour'; allowed: route, span, function, block/],
    [['export'], /--format is missing: speedscope, cpuprofile, pprof/],
    [['export', '--format', 'svg'], /--format is 'svg'; allowed: speedscope, cpuprofile, pprof/],
    [['export', '--format', 'pprof', '--trace', 'x'], /--trace is 'x'; allowed: 32 hexadecimal digits/],
    [['collect', '--sentry-url', 'javascript:alert(1)'], /--sentry-url is .*; allowed: an address like https/],
    [['top', '--since', 'yesterday'], /--since is 'yesterday'; allowed: a number and s, m, h or d, like 10m/],
    [['collect', '--keep', 'long'], /--keep is 'long'; allowed: a number and s, m, h or d/],
    [['collect', '--keep-size', '5'], /--keep-size is '5'; allowed: a number and KB, MB, GB or TB, like 5GB/],
    [['run', '--keep', '1d', '--store', 'clickhouse://h/d', '--', 'x'], /--keep is for a file;.*retention_days=90/],
    [['top', '--since'], /--since needs a value: --since AGE/],
    [['top', '--route', '--json'], /--route needs a value/],
    [['top', '--json=yes'], /--json takes no value/],
    [['top', '--json', '--markdown'], /--json and --markdown exclude each other/],
    [['top', '--store', 'a', '--store', 'b'], /--store is given twice/],
    [['top', '--store', 'mysql://x'], /--store is 'mysql:\/\/x'; allowed: sqlite:FILE, FILE or clickhouse:\/\/HOST/],
    [
      ['top', '--store', 'clickhouse://x/y?z=1'],
      /--store cannot be used: .*unknown parameter 'z'; allowed: clickhouse/,
    ],
    [['doctor', 'no-such-folder'], /'no-such-folder' is not a folder/],
    [['doctor', '.', 'more'], /unexpected argument 'more'/],
    [['doctor', '--path', 'blog'], /--path is 'blog'; it begins with \//],
    [['doctor', '--timeout', 'soon'], /--timeout is 'soon'; allowed/],
    [['run'], /no command after --/],
    [['run', '--'], /no command after --/],
    [['run', 'next', 'start'], /unexpected argument 'next'; write -- before the command: next-profiling run -- next/],
    [['run', '--port', '99999', '--', 'x'], /--port is '99999'; allowed: 0 to 65535/],
    [['collect', '--port', '-1'], /--port is '-1'|--port needs a value/],
    [['collect', '--host', '0.0.0.0', '--port', '0'], /'0.0.0.0' is reachable from other machines.*--token/],
  ])('%j', async (args, problem) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(problem);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('no command at all shows the help and ends with 2', async () => {
    expect(await runCli([])).toMatchObject({ code: 2, stdout: expect.stringContaining('Usage:') });
  });
});

describe('what cannot be run ends with 3 and one line', () => {
  test.each<[string, string[], RegExp]>([
    [
      'a store that is not there',
      ['top'],
      /no store '.next-profiling\/profiles.db'; record one with: next-profiling run -- next start/,
    ],
    ['a store that is no database', ['top', '--store', 'notes.txt'], /'notes.txt'.*not a SQLite database/],
    [
      'a command that does not exist',
      ['run', '--', 'no-such-command'],
      /cannot start 'no-such-command': it is not on the PATH, and no package .* in node_modules of .*; install it/,
    ],
    [
      'a path that does not exist',
      ['run', '--', './no-such-command'],
      /cannot start '.\/no-such-command': spawn .\/no-such-command ENOENT/,
    ],
  ])('%s', async (_, args, problem) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'notes.txt'), 'my notes '.repeat(1000));
    const { code, stderr } = await runCli(args, { cwd });
    expect(code).toBe(3);
    expect(stderr).toMatch(problem);
  });
});
