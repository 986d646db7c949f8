import { seededRandom } from '../../src/core/seeded-random.ts';
import { writeLines } from './write-lines.ts';

const words = 30_522;
const [fewest, most] = [4, 128];

/** Writes a file of texts as ids of tokens, 4 to 128 of them: most are short, few are long, as texts are. */
export function writeTexts(path: string, records: number): string {
  const random = seededRandom();
  return writeLines(path, records, (id) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const length = Math.round(Math.min(most, Math.max(fewest, 20 * Math.exp(0.6 * normal))));
    const input_ids = Array.from({ length }, () => Math.floor(random() * words));
    return JSON.stringify({ id, input_ids, attention_mask: input_ids.map(() => 1) });
  });
}
