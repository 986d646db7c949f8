import { Option } from 'commander';

/** The option `--alias`, which commands that change where an alias leads share. */
export function aliasOption(): Option {
  return new Option('--alias <alias>', 'the alias').default('production');
}
