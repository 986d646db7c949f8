import type { PlacedTensor } from '../../ports/session.ts';
import type { TrainingPlan } from '../../ports/training-plan.ts';
import type { FixedTensor, TensorKind } from '../../protocol/tensor.ts';
import { zeroTensor } from '../zero-tensor.ts';
import { MirroredTensors } from './mirrored-tensors.ts';
import { type ParameterBlock, parameterBlocks } from './parameter-blocks.ts';
import { partOf } from './part-of.ts';

type Named = readonly (readonly [name: string, tensor: FixedTensor])[];

/** What there is of a block, each of one axis, where runs take it. */
export interface BlockMemory {
  readonly block: ParameterBlock;
  readonly weights: FixedTensor;
  readonly gradients: FixedTensor;
  /** In the order of the rule. */
  readonly states: readonly FixedTensor[];
}

/** The memory that a training has as long as it goes on, here and on the device that it runs on: zeros at first. */
export class TrainerMemory {
  readonly blocks: readonly BlockMemory[];
  /** Where runs take weights from, all of them by name. */
  readonly fed: ReadonlyMap<string, FixedTensor>;
  /** Where runs put gradients, by the parameter's name. */
  readonly gradients: ReadonlyMap<string, FixedTensor>;
  readonly #weights: ReadonlyMap<string, FixedTensor>;
  readonly #states: ReadonlyMap<string, FixedTensor>;
  readonly #mirrors: Readonly<Record<'weights' | 'states', MirroredTensors>>;
  /** To be released where they are on the device, apart from the mirrors. */
  readonly #held: readonly FixedTensor[];

  /**
   * @param weights all that the model with the gradients takes
   * @param place memory of the device that models run on; absent where they run here
   */
  constructor(
    weights: ReadonlyMap<string, TensorKind>,
    { parameters, apply }: Pick<TrainingPlan, 'parameters' | 'apply'>,
    place: ((like: TensorKind) => PlacedTensor) | undefined,
  ) {
    const trained = parameters.map(({ tensor: { name }, decays }) => ({
      name,
      decays,
      ...(weights.get(name) as TensorKind),
    }));
    const names = new Set(trained.map(({ name }) => name));
    const frozen = Array.from(weights)
      .filter(([name]) => !names.has(name))
      .map(([name, like]) => [name, zeroTensor(like)] as const);
    const own = parameterBlocks(trained).map((block) => ({
      block,
      weights: zeroTensor(likeOf(block)),
      states: (apply.find(({ datatype }) => datatype === block.datatype)?.states ?? []).map(
        ({ name }) => [name, zeroTensor(likeOf(block))] as const,
      ),
    }));
    const kept = own.flatMap(({ block, states }) => states.map(([name, state]) => ({ block, name, state })));
    this.#weights = new Map([...own.flatMap((each) => partsOf(each.block, each.weights)), ...frozen]);
    this.#states = new Map(kept.flatMap(({ block, name, state }) => partsOf(block, state, `${name}/`)));
    const whole = [...own.map((each) => each.weights), ...frozen.map(([, tensor]) => tensor)];
    const mirrors = {
      weights: new MirroredTensors(whole, place),
      states: new MirroredTensors(
        kept.map(({ state }) => state),
        place,
      ),
    };
    this.#mirrors = mirrors;
    this.blocks = own.map(({ block, weights, states }) => ({
      block,
      weights: mirrors.weights.placed(weights),
      gradients: (place ?? zeroTensor)(likeOf(block)),
      states: states.map(([, state]) => mirrors.states.placed(state)),
    }));
    const taken = this.blocks.flatMap(({ block, weights }) => partsOf(block, weights));
    const given = this.blocks.flatMap(({ block, gradients }) => partsOf(block, gradients));
    this.fed = new Map([...taken, ...frozen.map(([name, tensor]) => [name, mirrors.weights.placed(tensor)] as const)]);
    this.gradients = new Map(given);
    this.#held = [...[...taken, ...given].map(([, part]) => part), ...this.blocks.map(({ gradients }) => gradients)];
  }

  /** All by name, here. They may be written to until the next run. */
  get weights(): ReadonlyMap<string, FixedTensor> {
    this.#mirrors.weights.toHere();
    return this.#weights;
  }

  /** What the optimizer keeps, by name, as `weights` are. */
  get states(): ReadonlyMap<string, FixedTensor> {
    this.#mirrors.states.toHere();
    return this.#states;
  }

  /** Before a run that takes them. */
  toDevice(which: 'weights' | 'states'): void {
    this.#mirrors[which].toDevice();
  }

  /** After runs that wrote weights and states. */
  changed(): void {
    this.#mirrors.weights.changed();
    this.#mirrors.states.changed();
  }

  /** Frees the memory of the device; `weights` and `states` stay. */
  release(): void {
    for (const { held } of this.#held) held?.release();
    this.#mirrors.weights.release();
    this.#mirrors.states.release();
  }
}

const likeOf = ({ datatype, elements }: ParameterBlock): TensorKind => ({ datatype, shape: [elements] });

function partsOf({ parameters }: ParameterBlock, tensor: FixedTensor, before = ''): Named {
  return parameters.map(({ name, start, shape }) => [`${before}${name}`, partOf(tensor, start, shape)]);
}
