import { Option } from 'commander';

/** The option `--json`. */
export function jsonOption(): Option {
  return new Option('--json', 'print JSON').default(false);
}
