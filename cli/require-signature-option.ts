import { Option } from 'commander';

/** The option `--require-signature`, which commands that load models share. */
export function requireSignatureOption(): Option {
  return new Option(
    '--require-signature <keys>',
    'load only versions that one of these keys signed, and no file of which was changed: a file or folder of public keys in PEM',
  ).env('TENSORGATE_REQUIRE_SIGNATURE');
}
