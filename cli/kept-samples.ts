import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spread } from '../src/core/factory/spread.ts';
import { nestedValues } from '../src/core/releases/nested-values.ts';
import type { Sample } from '../src/core/releases/sample.ts';
import { samplesFile } from '../src/core/releases/samples-file.ts';
import { openModel } from './open-model.ts';
import { sampleRuns } from './sample-runs.ts';

const most = 16;
const mostBytes = 4 * 1024 * 1024;

/**
 * Writes a `samples.jsonl` of up to 16 of the samples with what the model at `path` answers here and now: what promotes
 * it asks it the same. Undefined where JSON has no form for its answers, or they are too long.
 */
export async function keptSamples(
  path: string,
  samples: readonly Sample[],
  folder: string,
): Promise<string | undefined> {
  const session = await openModel(path, path);
  try {
    const kept = spread(samples, most);
    const lines: string[] = [];
    let bytes = 0;
    for (const [index, { run }] of sampleRuns(session, kept).entries()) {
      const answers = await session.run(run);
      const values = answers.map(nestedValues);
      if (values.includes(undefined)) continue;
      const outputs = Object.fromEntries(run.outputNames.map((name, place) => [name, values[place]]));
      const line = JSON.stringify({ inputs: kept[index]?.inputs, outputs });
      bytes += line.length + 1;
      if (bytes > mostBytes) break;
      lines.push(line);
    }
    if (lines.length === 0) return undefined;
    const file = join(folder, samplesFile);
    await writeFile(file, `${lines.join('\n')}\n`);
    return file;
  } finally {
    await session.release();
  }
}
