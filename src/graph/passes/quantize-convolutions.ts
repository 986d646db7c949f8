import { collectBytes } from '../collect-bytes.ts';
import { dataTypes } from '../data-types.ts';
import { makeTensor } from '../make-tensor.ts';
import { Names } from '../names.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';
import type { ActivationRange } from './activation-parameters.ts';
import { convolutions } from './convolutions.ts';
import { dequantizedWeight } from './dequantized-weight.ts';
import { quantizeRows } from './quantize-rows.ts';
import { rewriteNodes } from './rewrite-nodes.ts';
import { roundToEven } from './round-to-even.ts';
import { throughBytes } from './through-bytes.ts';

/** Of channels that a Conv gives, in its weights. */
const axis = 0;

/**
 * Quantizes each Conv of the main graph by FLOAT weights of the file: weights of 8 bits with a scale for each channel
 * that it gives, what it takes and gives in `ranges`, by name, and what it adds as INT32. Unlike a product, the runtime
 * computes one in 8 bits only where what it gives is quantized too. A Conv of which a range is not known stays as it
 * is.
 */
export function quantizeConvolutions(
  model: OnnxModel,
  ranges: ReadonlyMap<string, ActivationRange>,
  isReduced: boolean,
): OnnxModel {
  const all = convolutions(model.graph);
  const known = new Map([...all].filter(([, { input, output }]) => ranges.has(input) && ranges.has(output)));
  if (known.size === 0) return model;
  const given = new Set([...known.values()].map(({ output }) => output));
  const names = new Names(model);
  /** By the name of an activation, that of what is made of it, and its scale. */
  const quantized = new Map<string, { readonly name: string; readonly scale: OnnxTensor }>();
  const around = (from: string, to: string, name: string) => {
    const made = throughBytes({ name, range: ranges.get(name) as ActivationRange, from, to }, names);
    quantized.set(name, { name: to, scale: made.tensors[0] });
    return made;
  };
  /** What gives an activation that is to be quantized gives it under another name. */
  const quantizedOutput = (node: OnnxNode) => {
    const [output = ''] = node.outputs;
    const exact = names.fresh(`${output}_exact`);
    const { nodes, tensors } = around(exact, output, output);
    return { nodes: [{ ...node, outputs: [exact, ...node.outputs.slice(1)] }, ...nodes], tensors };
  };
  return rewriteNodes(model, () => (node, weight) => {
    const isGiven = given.has(node.outputs[0] ?? '');
    const convolution = known.get(node);
    if (!convolution) return isGiven ? quantizedOutput(node) : undefined;
    const { input } = convolution;
    const first = quantized.has(input)
      ? { nodes: [], tensors: [] }
      : around(input, names.fresh(`${input}_DequantizeLinear_Output`), input);
    const activation = quantized.get(input) as { readonly name: string; readonly scale: OnnxTensor };
    const kernel = weight(node.inputs[1]) as OnnxTensor;
    const rows = quantizedKernel(kernel, isReduced, names);
    const parts = [dequantizedWeight(kernel, rows, axis, names)];
    const bias = weight(node.inputs[2]);
    if (bias?.dataType === dataTypes.FLOAT)
      parts.push(dequantizedWeight(bias, quantizedBias(bias, activation.scale, rows[1], names), axis, names));
    const read = [activation.name, ...parts.map(({ output }) => output)];
    const own = { ...node, inputs: [...read, ...node.inputs.slice(read.length)] };
    const last = isGiven ? quantizedOutput(own) : { nodes: [own], tensors: [] };
    return {
      nodes: [...first.nodes, ...parts.map((part) => part.node), ...last.nodes],
      tensors: [...first.tensors, ...parts.flatMap((part) => part.tensors), ...last.tensors],
    };
  });
}

function quantizedKernel(
  kernel: OnnxTensor,
  isReduced: boolean,
  names: Names,
): readonly [values: OnnxTensor, scales: OnnxTensor, zeroPoints: OnnxTensor] {
  const [channels = 0] = kernel.shape;
  const rows = quantizeRows(kernel, names, { most: isReduced ? 64 : 127, scaleShape: [channels] });
  const zeros = new Uint8Array(channels);
  return [...rows, makeTensor(names.fresh(`${kernel.name}_zero_point`), dataTypes.INT8, [channels], zeros)];
}

/** In units of what a product of the scales of activation and weight stands for, as the sums of a Conv are. */
function quantizedBias(
  bias: OnnxTensor,
  activationScale: OnnxTensor,
  weightScales: OnnxTensor,
  names: Names,
): readonly OnnxTensor[] {
  const floats = async ({ data }: OnnxTensor) => new Float32Array((await collectBytes(data)).slice().buffer);
  const scales = async () => {
    const [factor = 1] = await floats(activationScale);
    return (await floats(weightScales)).map((scale) => scale * factor);
  };
  return [
    makeTensor(names.fresh(`${bias.name}_quantized`), dataTypes.INT32, bias.shape, {
      length: bias.data.length,
      async *pieces() {
        const units = await scales();
        const values = (await floats(bias)).map((value, place) => roundToEven(value / (units[place] as number)));
        yield new Uint8Array(Int32Array.from(values).buffer);
      },
    }),
    makeTensor(names.fresh(`${bias.name}_scale`), dataTypes.FLOAT, bias.shape, {
      length: bias.data.length,
      async *pieces() {
        yield new Uint8Array((await scales()).buffer);
      },
    }),
  ];
}
