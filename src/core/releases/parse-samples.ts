import { isObject } from '../../protocol/is-object.ts';
import type { Sample } from './sample.ts';
import { samplesFile } from './samples-file.ts';

const expected = 'expected {"inputs": {…}, "outputs": {…}}, each with values by name';

/**
 * The samples of a `samples.jsonl`: a JSON object a line, blank lines left out. Throws an Error that names the line.
 *
 * @param file its name
 */
export function parseSamples(text: string, file = samplesFile): readonly Sample[] {
  const samples: Sample[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const where = `${file} line ${index + 1}`;
    const { inputs, outputs = {} } = Object(parseLine(line, where));
    if (!isObject(inputs) || !isObject(outputs)) throw new Error(`${where}: ${expected}`);
    samples.push({ where, inputs, outputs });
  }
  if (samples.length === 0) throw new Error(`${file} has no samples: ${expected}, one a line`);
  return samples;
}

function parseLine(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`${where}: not JSON: ${(error as Error).message}`);
  }
}
