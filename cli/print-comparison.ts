import { bytesText } from './bytes-text.ts';
import type { VersionComparison } from './compare-versions.ts';
import { describeSpec } from './describe-spec.ts';
import { measuredWords } from './measured-words.ts';
import { printFacts } from './print-facts.ts';

type Fact = readonly [title: string, text: string];

/** Prints in what two versions differ, a line for each fact. */
export function printComparison({ versions, breaks, metrics, inputs, runs, answers }: VersionComparison): void {
  const [one, two] = versions;
  const changed = (title: string, before: string, after: string): Fact => [
    title,
    before === after ? `${before} (both)` : `${before} → ${after}`,
  ];
  const pairs = (record: Readonly<Record<string, number>>) =>
    Object.entries(record)
      .map(([name, count]) => `${name} ${count}`)
      .sort()
      .join(', ');
  printFacts([
    ['versions', `${one.version} → ${two.version}`],
    changed('inputs', one.inputs.map(describeSpec).join(', '), two.inputs.map(describeSpec).join(', ')),
    changed('outputs', one.outputs.map(describeSpec).join(', '), two.outputs.map(describeSpec).join(', ')),
    ['callers', breaks.length === 0 ? 'can go on: the schema takes and gives what it did' : breaks.join('; ')],
    changed('opset', pairs(one.opsets), pairs(two.opsets)),
    ['operators', operatorChanges(one.operators, two.operators)],
    changed('size', bytesText(one.bytes), bytesText(two.bytes)),
    ['speed', `${one.ms.toFixed(3)} ms → ${two.ms.toFixed(3)} ms a run, ${(two.ms / one.ms).toFixed(2)} times`],
    ...metrics.measures.map((compared): Fact => {
      const { title, was, is } = measuredWords(compared);
      return [title, `${was} → ${is}, ${compared.verdict === 'unclear' ? 'no clear difference' : compared.verdict}`];
    }),
    ...[...metrics.notes, metrics.refusal].filter((note) => note !== undefined).map((note): Fact => ['measured', note]),
    ['answers', runs === 0 ? inputs : `to ${runs} ${runs === 1 ? 'input' : 'inputs'} (${inputs})`],
    ...Object.entries(answers).map(([name, { largest, flips, rows, otherShapes }]): Fact => {
      const labels = rows > 0 ? `, ${flips} of ${rows} labels flipped` : '';
      const shapes = otherShapes > 0 ? `, ${otherShapes} of another shape or type` : '';
      return [
        `  ${name}`,
        `largest difference ${largest === null ? 'infinite' : Number(largest.toPrecision(2))}${labels}${shapes}`,
      ];
    }),
  ]);
}

function operatorChanges(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changes = names
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name} ${before[name] ?? 0} → ${after[name] ?? 0}`);
  return changes.join(', ') || 'the same';
}
