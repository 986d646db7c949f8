import type { Command } from 'commander';
import { gateLimits } from '../src/core/factory/gate-limits.ts';
import { notNegative } from './not-negative.ts';

/** What the options of `withGateOptions` are parsed to. */
export interface GateOptions {
  readonly task?: string;
  readonly latencyRatio: number;
  readonly lossPoints: number;
  readonly leastCosine: number;
}

/** The options of commands whose models may have lost something: by what they are judged, and how much may be lost. */
export function withGateOptions(command: Command): Command {
  return command
    .option('--task <file>', 'a CSV file with a column label: the class that is right, a row for each text or sample')
    .option(
      '--loss-points <number>',
      'with --task: most points of accuracy that may be lost',
      notNegative,
      gateLimits.lossPoints,
    )
    .option(
      '--least-cosine <number>',
      'without --task, of vectors: how near each must be to that of the source',
      notNegative,
      gateLimits.cosine,
    )
    .option(
      '--latency-ratio <number>',
      "most of the source's time that a run may take; 0: as long as it will",
      notNegative,
      gateLimits.latencyRatio,
    );
}
