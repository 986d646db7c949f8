import type { ConversionReport } from '../src/core/factory/conversion-report.ts';
import { findingWords } from '../src/core/factory/finding-words.ts';

/**
 * Tells what the gate has against a conversion, and what it did not look at, on stderr, where it is in no program's
 * way.
 */
export function tellReport(label: string, { findings, notes }: ConversionReport): void {
  for (const finding of findings) console.error(`gate: ${label}: ${findingWords(finding)}`);
  for (const note of notes) console.error(`note: ${label}: ${note}`);
}
