import { versionLabel } from '../src/core/version-label.ts';
import { printCandidates } from './print-candidates.ts';
import { sourceBytes } from './source-bytes.ts';
import { type MadeModel, storeMade } from './store-made.ts';
import { tellReport } from './tell-report.ts';

/**
 * Tells what became of a model that was made of another, and stores it where the gate lets it pass; else the exit code
 * is 2.
 */
export async function concludeMade(
  made: MadeModel,
  { models, json }: { readonly models: string; readonly json: boolean },
): Promise<void> {
  const { name, source, trial, more } = made;
  const { passes, report, bytes } = trial;
  const isPassed = report.findings.length === 0;
  const before = await sourceBytes(source);
  if (!json) printCandidates(before, [trial], isPassed ? trial : undefined);
  tellReport(trial.name, report);
  const stored = isPassed ? await storeMade(models, made) : undefined;
  if (json) {
    const told = { name, source: source.label, sourceBytes: before, bytes, passes, ...more, report };
    console.log(JSON.stringify({ ...told, ...(stored && { version: stored.version, place: stored.place }) }, null, 2));
  } else if (stored) console.log(`stored ${versionLabel(name, stored.version)} in ${stored.place}`);
  if (stored) return;
  console.error('the gate does not let it pass: nothing was stored');
  process.exitCode = 2;
}
