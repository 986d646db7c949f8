import type { Run, Session } from '../../ports/session.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { TrialCase } from './trial-case.ts';

// Several conversions are held against the same answers, which take as long to make as those of a conversion.
const mostKeptBytes = 512 * 1024 * 1024;

/**
 * Cases whose answers are those of the model that was converted. Its own refusal of a run rejects, as nothing can be
 * held against that.
 */
export function casesOfSource(
  source: Session,
  runs: readonly { readonly where: string; readonly run: Run }[],
): readonly TrialCase[] {
  let keptBytes = 0;
  return runs.map(({ where, run }) => {
    let kept: readonly Tensor[] | undefined;
    const expected = async () => {
      if (kept) return kept;
      const answers = await source.run(run).catch((error: Error) => {
        throw new Error(`${where}: the model itself refuses them: ${error.message}`, { cause: error });
      });
      const bytes = answers.reduce((sum, answer) => sum + bytesOf(answer), 0);
      if (keptBytes + bytes > mostKeptBytes) return answers;
      keptBytes += bytes;
      kept = answers;
      return answers;
    };
    return { where, run, expected };
  });
}

function bytesOf({ datatype, data }: Tensor): number {
  return datatype === 'BYTES' ? data.reduce((sum, text) => sum + text.length, 0) : data.length;
}
