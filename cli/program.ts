import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { endProcess } from '../src/adapters/end-process.ts';
import { errorText } from './error-text.ts';
import { GateRefusal } from './gate-refusal.ts';
import { modelCommands } from './model-commands.ts';

// As sysexits.h has it. 2 is kept for gates, as a pipeline must not take a mistyped option for a verdict.
const usageError = 64;

const program = new Command('tensorgate')
  .description('models as a service')
  .version(packageJson.version)
  .showHelpAfterError('(tensorgate --help lists the commands, tensorgate <command> --help the options)')
  // So that --version after a command is that command's own.
  .enablePositionalOptions()
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    `
Exit codes: 0 done, 1 failed, 2 refused by a gate, ${usageError} not understood (a mistyped option).`,
  );

// Loaded when it is asked for: another's modules take longer than a short command.
const loads = {
  serve: async () => (await import('./serve.ts')).serveCommand(),
  push: async () => (await import('./push.ts')).pushCommand(),
  versions: async () => (await import('./versions.ts')).versionsCommand(),
  show: async () => (await import('./show.ts')).showCommand(),
  diff: async () => (await import('./diff.ts')).diffCommand(),
  alias: async () => (await import('./alias.ts')).aliasCommand(),
  releases: async () => (await import('./releases.ts')).releasesCommand(),
  canary: async () => (await import('./canary.ts')).canaryCommand(),
  shadow: async () => (await import('./shadow.ts')).shadowCommand(),
  promote: async () => (await import('./promote.ts')).promoteCommand(),
  rollback: async () => (await import('./rollback.ts')).rollbackCommand(),
  deprecate: async () => (await import('./deprecate.ts')).deprecateCommand(),
  delete: async () => (await import('./delete.ts')).deleteCommand(),
  prepare: async () => (await import('./prepare.ts')).prepareCommand(),
  ...modelCommands,
  jobs: async () => (await import('./jobs.ts')).jobsCommand(),
  train: async () => (await import('./train.ts')).trainCommand(),
  tune: async () => (await import('./tune.ts')).tuneCommand(),
  sign: async () => (await import('./sign.ts')).signCommand(),
  verify: async () => (await import('./verify.ts')).verifyCommand(),
  models: async () => (await import('./models.ts')).modelsCommand(),
  drift: async () => (await import('./drift.ts')).driftCommand(),
  infer: async () => (await import('./infer.ts')).inferCommand(),
  explain: async () => (await import('./explain.ts')).explainCommand(),
  batch: async () => (await import('./batch.ts')).batchCommand(),
  inspect: async () => (await import('./inspect.ts')).inspectCommand(),
  keys: async () => (await import('./keys.ts')).keysCommand(),
  audit: async () => (await import('./audit.ts')).auditCommand(),
  usage: async () => (await import('./usage.ts')).usageCommand(),
  prices: async () => (await import('./prices.ts')).pricesCommand(),
};
const asked = Object.entries(loads).filter(([name]) => name === process.argv[2]);
const needed = asked.length > 0 ? asked : Object.entries(loads);
const commands = await Promise.all(needed.map(([, load]) => load()));
for (const command of commands) {
  command.copyInheritedSettings(program);
  // What is the outer command's own has nothing to say in the inner one's help.
  for (const inner of command.commands) inner.copyInheritedSettings(program).configureHelp({});
  program.addCommand(command);
}

// Node's own end takes the runtime down beside its threads: of jobs that were done, one in twenty ended with a fault of memory.
process.once('beforeExit', (code) => {
  process.emit('exit', code);
  void endProcess(code);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : usageError;
  else {
    console.error(`error: ${errorText(error)}`);
    // At once, whatever else goes on: a server whose models cannot be read may listen already.
    process.exit(error instanceof GateRefusal ? 2 : 1);
  }
}
