import { expandFields } from '../batch/expand-fields.ts';

/** The columns that a text names: with commas between, and ranges of numbered ones written short. */
export function namedColumns(text: string): readonly string[] {
  return text.split(',').flatMap(expandFields);
}
