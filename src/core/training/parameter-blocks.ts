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

/** Parameters that are changed alike: they lie one after the other in one piece of memory, and so do their gradients and states. */
export interface ParameterBlock extends Pick<Parameter, 'datatype' | 'decays'> {
  /** Of all, with what lies between. */
  readonly elements: number;
  readonly parameters: readonly (Parameter & {
    /** Its first element's number in the block. */
    readonly start: number;
  })[];
}

/** Each begins at a multiple of so many bytes, as CUDA has it of all memory; a multiple of a processor's lines of cache as well. */
const alignment = 256;

/** A block for each kind that parameters are of. */
export function parameterBlocks(parameters: readonly Parameter[]): readonly ParameterBlock[] {
  const kinds = new Map<string, Parameter[]>();
  for (const parameter of parameters) {
    const kind = `${parameter.datatype} ${parameter.decays}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), parameter]);
  }
  return Array.from(kinds.values(), blockOf);
}

function blockOf(parameters: readonly Parameter[]): ParameterBlock {
  const [{ datatype, decays }] = parameters as [Parameter];
  const step = alignment / elementBytes[datatype];
  let elements = 0;
  const placed = parameters.map((parameter) => {
    const start = elements;
    elements += Math.ceil(parameter.shape.reduce((product, size) => product * size, 1) / step) * step;
    return { ...parameter, start };
  });
  return { datatype, decays, elements, parameters: placed };
}
