import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { errorText } from './error-text.ts';
import { GateRefusal } from './gate-refusal.ts';
import { UsageError } from './usage-error.ts';

// As sysexits.h has it. 2 is kept for gates, as a pipeline must not take a mistyped option for a verdict.
const usageError = 64;
const exitCodes = `
Exit codes: 0 done, 1 failed, 2 refused by a gate, ${usageError} not understood (a mistyped option).`;

/**
 * Runs the command that words ask for, of those that there are, each loaded when it is asked for. The process ends with
 * its exit code, at once where it fails.
 */
export async function runWords(
  words: readonly string[],
  loads: Readonly<Record<string, () => Promise<Command>>>,
): Promise<void> {
  const program = new Command('tensorgate')
    .description('models as a service')
    .version(packageJson.version)
    .showHelpAfterError('(tensorgate --help lists the commands, tensorgate <command> --help the options)')
    // So that --version after a command is that command's own.
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', exitCodes);

  const asked = Object.entries(loads).filter(([name]) => name === words[0]);
  const needed = asked.length > 0 ? asked : Object.entries(loads);
  const commands = await Promise.all(needed.map(([, load]) => load()));
  for (const command of commands) {
    command.copyInheritedSettings(program);
    // What is the outer command's own has nothing to say in the inner one's help.
    for (const inner of command.commands) inner.copyInheritedSettings(program).configureHelp({});
    program.addCommand(command);
  }

  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : usageError;
    else {
      console.error(`error: ${errorText(error)}`);
      // At once, whatever else goes on: a server whose models cannot be read may listen already.
      process.exit(exitCodeOf(error));
    }
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof GateRefusal) return 2;
  return error instanceof UsageError ? usageError : 1;
}
