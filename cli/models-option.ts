import { Option } from 'commander';

/** The option `--models`, which commands that read the model repository share. */
export function modelsOption(): Option {
  return new Option('--models <uri>', 'the model repository: a directory, file:// or s3:// URI').default('./models');
}
