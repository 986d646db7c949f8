import { machineName } from './machine-name.ts';

/** The name of the folder that holds the form prepared for this machine from files of that digest. */
export function preparedKey(digest: string): string {
  return `${machineName()}-${digest}`;
}
