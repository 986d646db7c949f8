/**
 * Commands that make models of others, or take them in, by their names: each is also a kind of job
 * (src/core/model-jobs/job-kinds.ts). Loaded when one is asked for.
 */
export const modelCommands = {
  push: async () => (await import('./push.ts')).pushCommand(),
  convert: async () => (await import('./convert.ts')).convertCommand(),
  optimize: async () => (await import('./optimize.ts')).optimizeCommand(),
  prune: async () => (await import('./prune.ts')).pruneCommand(),
  distil: async () => (await import('./distil.ts')).distilCommand(),
  split: async () => (await import('./split.ts')).splitCommand(),
  train: async () => (await import('./train.ts')).trainCommand(),
};
