import { Option } from 'commander';
import { pushedAs } from './pushed-as.ts';

/** The option `--name` of commands that make a version of what may be a model of the repository. */
export function madeNameOption(): Option {
  return new Option(
    '--name <model[@number]>',
    'the model that it becomes a version of, and the number; that of the repository, and one more than the newest, without it',
  ).argParser(pushedAs);
}
