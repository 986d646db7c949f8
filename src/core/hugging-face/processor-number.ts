import type { JsonObject } from './read-json-file.ts';
import { refusedProcessor } from './refused-processor.ts';

/** A number of a preprocessor_config.json, for pictures; undefined where it has none. Throws an Error for what is none. */
export function processorNumber(file: JsonObject, name: string): number | undefined {
  const value = file[name];
  if (value === undefined || value === null || typeof value === 'number') return value ?? undefined;
  throw refusedProcessor(`'${name}': expected a number, got ${JSON.stringify(value)}`);
}
