import { countElements } from '../../protocol/count-elements.ts';
import type { FixedDatatype } from '../../protocol/datatype.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';

/** A parameter that is trained. */
export interface Parameter {
  readonly name: string;
  readonly datatype: FixedDatatype;
  readonly shape: readonly number[];
  /** Whether it is drawn to 0. */
  readonly decays: boolean;
}

/**
 * Parameters that are changed alike: they lie one after the other in one piece of memory, and so do their gradients and
 * states.
 */
export interface ParameterBlock extends Pick<Parameter, 'datatype' | 'decays'> {
  /** Of all, with what lies between. */
  readonly elements: number;
  readonly parameters: readonly (Parameter & {
    /** Its first element's number in the block. */
    readonly start: number;
  })[];
}

/**
 * Each begins at a multiple of so many bytes, as CUDA has it of all memory; a multiple of a processor's lines of cache
 * as well.
 */
const alignment = 256;

/** A block for each kind that parameters are of. */
export function parameterBlocks(parameters: readonly Parameter[]): readonly ParameterBlock[] {
  const kinds = Map.groupBy(parameters, ({ datatype, decays }) => `${datatype} ${decays}`);
  return Array.from(kinds.values(), blockOf);
}

function blockOf(parameters: readonly Parameter[]): ParameterBlock {
  const [{ datatype, decays }] = parameters as [Parameter];
  const step = alignment / elementBytes[datatype];
  let elements = 0;
  const placed = parameters.map((parameter) => {
    const start = elements;
    elements += Math.ceil(countElements(parameter.shape) / step) * step;
    return { ...parameter, start };
  });
  return { datatype, decays, elements, parameters: placed };
}
