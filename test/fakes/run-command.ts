import { AsyncLocalStorage } from 'node:async_hooks';
import { format } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { commands } from '../../cli/commands.ts';
import { runWords } from '../../cli/run-words.ts';
import type { CliResult } from './start-cli.ts';

/** Stands for a stream of a process that goes to a file. */
class Written {
  text = '';
  readonly isTTY = false;

  write = (piece: string): boolean => {
    this.text += piece;
    return true;
  };
}

/** What of a process is a command's own. */
interface Running {
  env: NodeJS.ProcessEnv;
  exitCode: number;
  readonly stdout: Written;
  readonly stderr: Written;
}

class Ended extends Error {}

const running = new AsyncLocalStorage<Running>();

for (const name of ['env', 'exitCode', 'stdout', 'stderr'] as const) {
  let outside: unknown = process[name];
  Object.defineProperty(process, name, {
    get: () => running.getStore()?.[name] ?? outside,
    set(value) {
      const command = running.getStore();
      if (command) Object.assign(command, { [name]: value });
      else outside = value;
    },
  });
}
for (const [method, name] of [
  ['log', 'stdout'],
  ['error', 'stderr'],
] as const) {
  const outside = console[method];
  console[method] = (...values: unknown[]) => {
    const command = running.getStore();
    if (command) command[name].write(`${format(...values)}\n`);
    else outside(...values);
  };
}
const exit = process.exit;
process.exit = (code) => {
  const command = running.getStore();
  if (!command) return exit(code);
  command.exitCode = Number(code ?? command.exitCode);
  throw new Ended();
};
// Commands leave what they load to the end of their process.
const emitWarning = process.emitWarning;
process.emitWarning = (warning: string | Error, ...more: never[]) => {
  if (!`${warning}`.includes('dropped without release()')) emitWarning(warning, ...more);
};

/**
 * Runs `tensorgate` with `words` in this process, to its end: in one of its own, as runCli has it, a command takes half
 * a second before it begins. Commands may run side by side.
 */
export function runCommand(...words: string[]): Promise<CliResult> {
  return runCommand.within(process.env, ...words);
}

/** The same, in another environment. */
runCommand.within = async (env: NodeJS.ProcessEnv, ...words: string[]): Promise<CliResult> => {
  const command: Running = { env: { ...env }, exitCode: 0, stdout: new Written(), stderr: new Written() };
  await running.run(command, async () => {
    try {
      await runWords(words, commands);
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
    }
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  // As they are without being told: a heap such as a batch job's, or a server's, is for a process that is its own.
  setFlagsFromString('--heap-growing-percent=0');
  setFlagsFromString('--semi-space-growth-factor=2');
  return { code: command.exitCode, stdout: command.stdout.text, stderr: command.stderr.text };
};
