import { Option } from 'commander';

/** The option `--url`, which commands that can ask a server share. */
export function urlOption(): Option {
  return new Option(
    '--url <url>',
    'a server to ask, such as http://127.0.0.1:8080, with the key in TENSORGATE_API_KEY; --models does not count then',
  );
}
