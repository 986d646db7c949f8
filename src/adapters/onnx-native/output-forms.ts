import type { SessionOutput } from '../../ports/session.ts';
import type { FixedDatatype } from '../../protocol/datatype.ts';

/** An output as it was for certain shapes of the inputs. */
export interface OutputForm {
  readonly datatype: FixedDatatype;
  readonly shape: readonly number[];
  readonly dimensions: BigInt64Array;
  readonly bytes: number;
}

/** The forms of a run's outputs, where all of them can be written straight into JavaScript memory the next time. */
export function outputForms(outputs: readonly SessionOutput[]): readonly OutputForm[] | undefined {
  const forms: OutputForm[] = [];
  for (const { datatype, shape, data, keys } of outputs) {
    if (datatype === 'BYTES' || keys) return undefined;
    forms.push({ datatype, shape, dimensions: BigInt64Array.from(shape, BigInt), bytes: data.length });
  }
  return forms;
}
