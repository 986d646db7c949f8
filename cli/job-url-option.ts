import { Option } from 'commander';

/** The option `--url`, which commands share that ask a server about a job by its id. */
export function jobUrlOption(): Option {
  return new Option('--url <url>', 'the deployment or server that does the job; TENSORGATE_API_KEY has its key');
}
