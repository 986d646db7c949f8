import { Command } from 'commander';
import { driftBaselineCommand } from './drift-baseline.ts';
import { driftReportCommand } from './drift-report.ts';

/** `tensorgate drift`: how the inputs and outputs of a model have moved since all was well. */
export function driftCommand(): Command {
  return new Command('drift')
    .description('watch how the inputs and outputs of a model are spread, against a baseline')
    .addCommand(driftBaselineCommand())
    .addCommand(driftReportCommand());
}
