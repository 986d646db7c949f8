import { samplesFile } from './samples-file.ts';

/** What a sample is called where something is said of it: the line that it is on, from 1 on. */
export function sampleLine(line: number): string {
  return `${samplesFile} line ${line}`;
}
