import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConversionReport } from '../src/core/factory/conversion-report.ts';
import { sourceFindings } from '../src/core/factory/convert/source-findings.ts';
import { gateLimits } from '../src/core/factory/gate-limits.ts';
import { judgeConversion } from '../src/core/factory/judge-conversion.ts';
import { parseSamples } from '../src/core/releases/parse-samples.ts';
import { samplesFile } from '../src/core/releases/samples-file.ts';
import type { Schema } from '../src/core/releases/schema-breaks.ts';
import { defaultLimits } from '../src/settings.ts';
import type { ConvertedSource } from './convert-source.ts';
import { openModel } from './open-model.ts';

/**
 * Holds what a script made in `folder` against the answers that the original gave, there and elsewhere. Rejects where
 * its samples do not hold.
 */
export async function judgeConverted(
  path: string,
  folder: string,
  { report, known }: ConvertedSource,
): Promise<ConversionReport> {
  const samples = parseSamples(await readFile(join(folder, samplesFile), 'utf8'));
  let schema: Schema | undefined;
  const open = async () => {
    const session = await openModel(join(folder, 'model.onnx'), path);
    schema = { inputs: session.inputs, outputs: session.outputs };
    return session;
  };
  const from = { samples: [...samples, ...known], limits: defaultLimits };
  // The framework's own time is not looked at: it is not what would be served instead.
  const means = { tolerance: gateLimits.tolerance, latencyRatio: 0, unverified: false };
  const judged = await judgeConversion({ open, from }, { ...means, clock: performance });
  const more = schema ? sourceFindings(schema, { report, samples, known }) : [];
  // Of what takes other inputs the first check has said so.
  const findings = [
    ...judged.findings,
    ...more.filter(({ name }) => !judged.findings.some((one) => one.name === name)),
  ];
  return { ...judged, findings };
}
