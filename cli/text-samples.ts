import { basename } from 'node:path';
import { openTokenizer } from '../src/adapters/open-tokenizer.ts';
import { nestedValues } from '../src/core/releases/nested-values.ts';
import type { Sample } from '../src/core/releases/sample.ts';
import { tokenizeStep } from '../src/core/tasks/steps/tokenize-step.ts';
import type { Session } from '../src/ports/session.ts';
import type { FilesToPush } from './files-to-push.ts';
import { readTextBeside } from './read-text-beside.ts';

/**
 * Texts of a file as samples of a model, by the tokenizer.json beside it; what is too long for it is cut. Rejects with
 * an Error where it takes no tokens.
 */
export async function textSamples(
  texts: readonly string[],
  file: string,
  session: Pick<Session, 'inputs'>,
  { files, label }: FilesToPush,
): Promise<readonly Sample[]> {
  if (!files.has('tokenizer.json'))
    throw new Error(`there is no tokenizer.json beside ${label}, by which texts become what it takes: give --samples`);
  const readText = (file: string) => readTextBeside({ files }, file);
  const { apply } = await tokenizeStep({ signature: session, readText, tools: { tokenizer: openTokenizer } }, {});
  const samples: Sample[] = [];
  for (const [place, text] of texts.entries()) {
    const { tensors } = await apply({ text, truncate: true });
    const inputs = Object.fromEntries(tensors.map((tensor) => [tensor.name, nestedValues(tensor)]));
    samples.push({ where: `${basename(file)} text ${place + 1}`, inputs, outputs: {} });
  }
  return samples;
}
