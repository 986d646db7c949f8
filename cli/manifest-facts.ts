import { estimateOf } from '../src/core/training/estimate-of.ts';
import { measures } from '../src/core/training/measures.ts';
import type { VersionManifest } from '../src/ports/version-manifest.ts';
import { bytesText } from './bytes-text.ts';
import { describeSpec } from './describe-spec.ts';
import { metricFacts } from './metric-facts.ts';
import { timeText } from './time-text.ts';

/** What a manifest says, a line for each fact. */
export function manifestFacts(manifest: VersionManifest): readonly (readonly [title: string, text: string])[] {
  const { files, opsets, source, metrics = {}, licence, notes, made } = manifest;
  const { gitCommit, gitChanged, trainingJob } = source;
  const optional = [
    ['git commit', gitCommit && `${gitCommit}${gitChanged ? ', and files that differ from it' : ''}`],
    ['training job', trainingJob],
    ['made', made && `by ${made.by} from ${made.source.name} (${made.source.sha256}): ${made.passes.join(', ')}`],
    ['unverified', made?.unverified && 'it may have lost something, and no samples showed what'],
    ['licence', licence],
    ['notes', notes?.trim()],
  ] as const;
  return [
    ['stored', `${timeText(manifest.at)} by ${manifest.by}`],
    ['size', bytesText(manifest.bytes)],
    ['opset', pairs(opsets, ' ')],
    ...manifest.inputs.map((spec) => ['input', describeSpec(spec)] as const),
    ...manifest.outputs.map((spec) => ['output', describeSpec(spec)] as const),
    ...Object.entries(files).map(([file, { sha256, bytes }]) => ['file', `${file}  ${bytes} B  ${sha256}`] as const),
    ...metricsFacts(metrics),
    ...optional.flatMap(([title, text]) => (text === undefined ? [] : [[title, text] as const])),
  ];
}

/** Those that are measured with an interval, a line for each; before them, all that somebody else wrote. */
function metricsFacts(metrics: Readonly<Record<string, unknown>>): readonly (readonly [title: string, text: string])[] {
  const isTold = (key: string) => measures.some((measure) => measure.key === key) && estimateOf(metrics[key]);
  const others = Object.fromEntries(Object.entries(metrics).filter(([key]) => !isTold(key)));
  return [
    ...(Object.keys(others).length > 0 ? [['metrics', pairs(others, ' ')] as const] : []),
    ...metricFacts(metrics),
  ];
}

function pairs(record: Readonly<Record<string, unknown>>, sign: string): string {
  return Object.entries(record)
    .map(([name, value]) => `${name}${sign}${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ');
}
