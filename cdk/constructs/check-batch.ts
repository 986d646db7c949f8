import { type BatchDefaults, batchDefaults } from './batch-defaults.ts';

/** Prefixes of the data bucket that mean something else. */
const taken = [
  ...['uploads/', 'results/', 'work/', 'jobs/', 'starts/', 'asked/', 'files/'],
  ...['incoming/', 'model-checkpoints/', 'model-jobs/', 'model-rounds/', 'model-runs/', 'model-starts/'],
];

/** What is wrong with where batch jobs find their inputs and put their results. */
export function checkBatch(jobs: Partial<BatchDefaults>): string[] {
  const { inputPrefix: input, resultPrefix: results } = { ...batchDefaults, ...jobs };
  const problems = Object.entries({ inputPrefix: input, resultPrefix: results }).flatMap(([name, prefix]) =>
    taken.some((other) => overlap(prefix, other))
      ? [`batch.${name}: '${prefix}' is, or holds, a prefix with a use of its own (${taken.join(', ')}): write another`]
      : [],
  );
  if (overlap(input, results)) {
    problems.push(
      `batch.resultPrefix: '${results}' and the inputs' '${input}' overlap: results would start jobs of their own, in an endless loop; write two prefixes of which neither begins with the other`,
    );
  }
  return problems;
}

function overlap(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}
