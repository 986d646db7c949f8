import type { Run } from '../../ports/session.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { type NativeNames, nativeNames } from './native-names.ts';
import { RunSlots } from './run-slots.ts';
import { ShapeMemory } from './shape-memory.ts';

const maxFreeSlots = 16;

/**
 * All that runs with the same names of inputs and outputs share: the names in native form, slots for values, shapes
 * seen.
 */
export class RunPlan {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly nativeInputNames: NativeNames;
  readonly nativeOutputNames: NativeNames;
  readonly shapes = new ShapeMemory();
  /** Whether an output may be written straight into JavaScript memory. */
  readonly canPlaceOutputs: boolean;
  readonly #freeSlots: RunSlots[] = [];

  constructor(run: Run, outputs: readonly TensorSpec[]) {
    this.inputNames = [...run.inputNames];
    this.outputNames = [...run.outputNames];
    this.nativeInputNames = nativeNames(run.inputNames);
    this.nativeOutputNames = nativeNames(run.outputNames);
    // Given memory for an output that is an input too, or for one twice, the runtime leaves it untouched.
    const isPlain = (name: string) => !run.inputNames.includes(name) && outputs.some((output) => output.name === name);
    this.canPlaceOutputs = new Set(run.outputNames).size === run.outputNames.length && run.outputNames.every(isPlain);
  }

  fits(run: Run): boolean {
    return isSame(this.inputNames, run.inputNames) && isSame(this.outputNames, run.outputNames);
  }

  takeSlots(): RunSlots {
    return this.#freeSlots.pop() ?? new RunSlots(this.inputNames.length, this.outputNames.length);
  }

  /** Gives slots back, whose values have been released. */
  giveSlots(slots: RunSlots): void {
    slots.clear();
    if (this.#freeSlots.length < maxFreeSlots) this.#freeSlots.push(slots);
  }
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}
