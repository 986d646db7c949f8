import { seededRandom } from '../../src/core/seeded-random.ts';
import { shortestFloat32 } from '../../src/protocol/shortest-float32.ts';
import { randomFloats } from '../models/random-floats.ts';
import { writeLines } from './write-lines.ts';

// Another one for each record takes longer than what is measured.
const different = 1000;

/**
 * Writes a file of records of `width` FP32 numbers, as the fields `id` and `x` of JSON, or the columns `id` and `p0`…
 * of CSV.
 */
export function writeNumbers(path: string, records: number, width: number): string {
  const random = seededRandom();
  const texts = Array.from({ length: different }, () =>
    Array.from(randomFloats(width, 1, random), shortestFloat32).join(','),
  );
  const text = (id: number) => texts[(id * 7) % different] as string;
  if (path.endsWith('.jsonl')) return writeLines(path, records, (id) => `{"id":${id},"x":[${text(id)}]}`);
  const columns = Array.from({ length: width }, (_, column) => `p${column}`);
  return writeLines(path, records, (id) => `${id},${text(id)}`, ['id', ...columns].join(','));
}
