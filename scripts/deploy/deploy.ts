// npm run deploy -- --stage dev [--yes] [--local [--port 4566]] · npm run destroy -- --stage dev [--local] [--with-models]
import { Command, Option } from 'commander';
import { stages } from '../../cdk/stages.ts';
import { errorText } from '../../cli/error-text.ts';
import { wholeNumber } from '../../cli/whole-number.ts';
import { runCdk } from './cdk.ts';
import { deleteBuckets } from './delete-buckets.ts';
import { Emulator } from './emulator.ts';
import { printOutputs } from './print-outputs.ts';
import { readOutputs } from './read-outputs.ts';
import { stageBuckets } from './stage-buckets.ts';

interface DeployOptions {
  readonly stage: string;
  readonly local?: boolean;
  readonly port: number;
  readonly destroy?: boolean;
  readonly withModels?: boolean;
  readonly yes?: boolean;
}

const program = new Command('deploy')
  .description('deploy the service to the AWS account of your credentials, or onto an emulator on this machine')
  .addOption(new Option('--stage <name>', 'which of cdk/stages.ts').default('dev'))
  .option('--local', 'onto an emulator of AWS on this machine, which is installed and started where need be')
  .option('--port <number>', "with --local: the emulator's port", wholeNumber(1, 65_535), 4566)
  .option('--yes', 'do not ask before rights are given: for pipelines, where nobody can answer')
  .option('--destroy', 'take the deployment down; the buckets of models and data are kept')
  .option('--with-models', 'with --destroy: delete the buckets too, and all that is in them')
  .action((options: DeployOptions, command: Command) => {
    const given = (name: string) => command.getOptionValueSource(name) === 'cli';
    // Whoever gives these alone means something else than what would be done.
    if (given('withModels') && !options.destroy) command.error('error: --with-models goes with --destroy');
    if (given('port') && !options.local) command.error('error: --port goes with --local');
    return options.local ? local(options) : cloud(options);
  });

async function cloud({ stage, destroy, withModels, yes }: DeployOptions): Promise<void> {
  if (destroy) return takeDown(stage, withModels === true);
  const unasked = yes ? ['--require-approval', 'never'] : [];
  await runCdk(['deploy', '--all', ...unasked, '--outputs-file', readOutputs.file(stage)], stage);
  printOutputs(stage, readOutputs(stage), undefined);
}

async function local({ stage, port, destroy }: DeployOptions): Promise<void> {
  const emulator = new Emulator(port);
  if (destroy) {
    const ended = await emulator.stop();
    console.log(
      ended
        ? `the emulator on port ${port} has ended, and all that was deployed onto it is gone`
        : `no emulator that was started from this folder runs on port ${port}: there is nothing to end`,
    );
    return;
  }
  if (Object.hasOwn(stages, stage) && stages[stage]?.firewall)
    throw new Error(
      `stage ${stage} has a firewall, which the emulator does not know: take firewall out of cdk/stages.ts to try it here, or deploy another stage`,
    );
  await emulator.start();
  await runCdk(['bootstrap'], stage, emulator.environment);
  await runCdk(
    ['deploy', '--all', '--require-approval', 'never', '--outputs-file', readOutputs.file(stage), ...Emulator.context],
    stage,
    emulator.environment,
  );
  printOutputs(stage, readOutputs(stage), emulator);
}

async function takeDown(stage: string, withModels: boolean): Promise<void> {
  const which = withModels ? ['--all'] : ['Tensorgate*Service'];
  await runCdk(['destroy', ...which, '--force'], stage);
  const buckets = await stageBuckets(stage);
  if (buckets.length === 0) return console.log(`no bucket of stage ${stage} is left in this region`);
  if (withModels) return deleteBuckets(buckets);
  console.log(`kept: ${buckets.join(', ')}; --with-models deletes them, and all that is in them`);
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`error: ${errorText(error)}`);
  process.exitCode = 1;
}
