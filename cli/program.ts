import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { batchCommand } from './batch.ts';
import { errorText } from './error-text.ts';
import { inferCommand } from './infer.ts';
import { inspectCommand } from './inspect.ts';
import { keysCommand } from './keys.ts';
import { modelsCommand } from './models.ts';
import { prepareCommand } from './prepare.ts';
import { pushCommand } from './push.ts';
import { serveCommand } from './serve.ts';

const program = new Command('tensorgate')
  .description('models as a service')
  .version(packageJson.version)
  .showHelpAfterError('(tensorgate --help lists the commands, tensorgate <command> --help the options)')
  // So that --version after a command is that command's own.
  .enablePositionalOptions()
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });

const commands = [
  serveCommand(),
  pushCommand(),
  prepareCommand(),
  modelsCommand(),
  inferCommand(),
  batchCommand(),
  inspectCommand(),
  keysCommand(),
];
for (const command of commands) {
  command.copyInheritedSettings(program);
  // What is the outer command's own has nothing to say in the inner one's help.
  for (const inner of command.commands) inner.copyInheritedSettings(program).configureHelp({});
  program.addCommand(command);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(`error: ${errorText(error)}`);
    // At once, whatever else goes on: a server whose models cannot be read may listen already.
    process.exit(1);
  }
}
