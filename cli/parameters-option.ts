import { UsageError } from './usage-error.ts';

/** The option `--parameters`, as JSON. Throws an Error where it is none. */
export function parametersOption(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--parameters ${text.slice(0, 100)}: expected JSON such as '{"top_k": 3}'`);
  }
}
