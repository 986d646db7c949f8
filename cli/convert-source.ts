import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runConverter } from '../src/adapters/convert/run-converter.ts';
import { setUpEnvironment } from '../src/adapters/convert/set-up-environment.ts';
import { defaultCacheFolder } from '../src/adapters/s3-model-store/default-cache-folder.ts';
import type { ConversionSource } from '../src/core/factory/convert/conversion-source.ts';
import type { ConverterReport } from '../src/core/factory/convert/converter-report.ts';
import { parseConverterReport } from '../src/core/factory/convert/parse-converter-report.ts';
import { parseSamples } from '../src/core/releases/parse-samples.ts';
import type { Sample } from '../src/core/releases/sample.ts';
import { takeConverted } from './take-converted.ts';
import { unreadable } from './unreadable.ts';

interface SourceOptions {
  readonly samples?: string;
  /** What a container made of it. */
  readonly converted?: string;
  readonly code?: string;
  readonly python?: string;
  readonly seed: number;
}

/** What came of a source, beside the files in its folder. */
export interface ConvertedSource {
  readonly report: ConverterReport;
  readonly reportPath: string;
  /** Those of the samples given that have answers. */
  readonly known: readonly Sample[];
}

const scripts = fileURLToPath(new URL('../containers/convert', import.meta.url));

/**
 * Converts a source into an empty folder, by the Python of its family. Rejects with an Error that says why it cannot
 * be.
 */
export async function convertSource(
  path: string,
  source: ConversionSource,
  folder: string,
  options: SourceOptions,
): Promise<ConvertedSource> {
  const { samples, converted } = options;
  const given =
    samples === undefined
      ? []
      : parseSamples(await readFile(samples, 'utf8').catch(unreadable(samples)), basename(samples));
  if (converted === undefined) await convertHere(path, source, folder, options);
  else await takeConverted(converted, folder);
  const reportPath = join(folder, 'report.json');
  const report = parseConverterReport(await readFile(reportPath, 'utf8').catch(unreadable(reportPath)));
  return { report, reportPath, known: given.filter(({ outputs }) => Object.keys(outputs).length > 0) };
}

async function convertHere(
  path: string,
  { family, words, runsCode }: ConversionSource,
  folder: string,
  { samples, code, python: own, seed }: SourceOptions,
): Promise<void> {
  const python =
    own ??
    (await setUpEnvironment({
      family,
      requirements: join(scripts, family, 'requirements.txt'),
      folder: join(defaultCacheFolder(process.env), 'convert'),
      tell: (line) => console.error(line),
    }));
  console.error(`${path} is ${words}: converting it …`);
  const script = join(scripts, family, 'convert.py');
  const { isOffline } = await runConverter({ python, script, source: path, out: folder, samples, code, seed }).catch(
    (error: Error) => {
      throw new Error(`${path}: ${error.message}`, { cause: error });
    },
  );
  if (runsCode && !isOffline) console.error('warning: this system did not let the network be taken away from it');
}
