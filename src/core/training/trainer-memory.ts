import type { PlacedTensor } from '../../ports/session.ts';
import { countElements } from '../../protocol/count-elements.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import { MirroredTensors } from './mirrored-tensors.ts';
import { type ParameterBlock, parameterBlocks } from './parameter-blocks.ts';
import { partOf } from './part-of.ts';
import type { TrainingPlan } from './training-plan.ts';

type TensorKind = Pick<FixedTensor, 'datatype' | 'shape'>;
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
  readonly #mirrors: Readonly<Record<'weights' | 'states', MirroredTensors>> | undefined;
  /** To be released, apart from the mirrors. */
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
      .map(([name, like]) => [name, zeros(like)] as const);
    const blocks = parameterBlocks(trained);
    const wordsOf = ({ datatype }: ParameterBlock) =>
      apply.find((rule) => rule.datatype === datatype)?.states.map(({ name }) => name) ?? [];
    const own = blocks.map(flat);
    const kept = blocks.map((block) => wordsOf(block).map(() => flat(block)));
    this.#weights = new Map([...blocks.flatMap((block, at) => partsOf(block, own[at] as FixedTensor)), ...frozen]);
    this.#states = new Map(
      blocks.flatMap((block, at) =>
        wordsOf(block).flatMap((word, state) => partsOf(block, kept[at]?.[state] as FixedTensor, `${word}/`)),
      ),
    );
    this.#mirrors = place && {
      weights: new MirroredTensors([...own, ...frozen.map(([, tensor]) => tensor)], place),
      states: new MirroredTensors(kept.flat(), place),
    };
    const placed = this.#mirrors?.weights.placed ?? own;
    const states = (this.#mirrors?.states.placed ?? kept.flat()).values();
    this.blocks = blocks.map((block, at) => ({
      block,
      weights: placed[at] as FixedTensor,
      gradients: place ? place(likeOf(block)) : flat(block),
      states: wordsOf(block).map(() => states.next().value as FixedTensor),
    }));
    const parts = (of: 'weights' | 'gradients') => this.blocks.flatMap((each) => partsOf(each.block, each[of]));
    const [fed, gradients] = place ? [parts('weights'), parts('gradients')] : [[...this.#weights], parts('gradients')];
    this.gradients = new Map(gradients);
    this.fed = new Map([
      ...fed,
      ...(place ? frozen.map(([name], at) => [name, placed[blocks.length + at] as FixedTensor] as const) : []),
    ]);
    this.#held = place
      ? [...[...fed, ...gradients].map(([, tensor]) => tensor), ...this.blocks.map((each) => each.gradients)]
      : [];
  }

  /** All by name, here. They may be written to until the next run. */
  get weights(): ReadonlyMap<string, FixedTensor> {
    this.#mirrors?.weights.toHere();
    return this.#weights;
  }

  /** What the optimizer keeps, by name, as `weights` are. */
  get states(): ReadonlyMap<string, FixedTensor> {
    this.#mirrors?.states.toHere();
    return this.#states;
  }

  /** Before a run that takes them. */
  toDevice(which: 'weights' | 'states'): void {
    this.#mirrors?.[which].toDevice();
  }

  /** After runs that wrote weights and states. */
  changed(): void {
    this.#mirrors?.weights.changed();
    this.#mirrors?.states.changed();
  }

  /** Frees the memory of the device; `weights` and `states` stay. */
  release(): void {
    for (const { held } of this.#held) held?.release();
    this.#mirrors?.weights.release();
    this.#mirrors?.states.release();
  }
}

const likeOf = ({ datatype, elements }: ParameterBlock): TensorKind => ({ datatype, shape: [elements] });
const flat = (block: ParameterBlock) => zeros(likeOf(block));

function zeros({ datatype, shape }: TensorKind): FixedTensor {
  return {
    datatype,
    shape,
    data: new Uint8Array(countElements(shape) * elementBytes[datatype]),
  };
}

function partsOf({ parameters }: ParameterBlock, tensor: FixedTensor, before = ''): Named {
  return parameters.map(({ name, start, shape }) => [`${before}${name}`, partOf(tensor, start, shape)]);
}
