import { modelCommands } from './model-commands.ts';
import { runProgram } from './run-program.ts';

// Loaded when it is asked for: another's modules take longer than a short command.
await runProgram({
  serve: async () => (await import('./serve.ts')).serveCommand(),
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
});
