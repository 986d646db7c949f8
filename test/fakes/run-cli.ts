import { type CliResult, startCli } from './start-cli.ts';

/** Runs `tensorgate` with `words` to its end. */
export function runCli(...words: string[]): Promise<CliResult> {
  return runCli.within(process.env, ...words);
}

/** The same, in another environment. */
runCli.within = (env: NodeJS.ProcessEnv, ...words: string[]): Promise<CliResult> => startCli(env, ...words).ended;
