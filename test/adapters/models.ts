import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Datatype } from '../../src/protocol/datatype.ts';
import { buildOnnx, type OnnxGraph, type OnnxNode } from '../fakes/onnx-builder.ts';

// Several small models in one place, as each is a line or two of a test.
let folder: string | undefined;
let written = 0;

/** Writes a model to a temporary file, in a folder of its own, and returns its path. */
export function writeModel(graph: OnnxGraph): string {
  folder ??= mkdtempSync(join(tmpdir(), 'tensorgate-models-'));
  written += 1;
  const path = join(folder, String(written), 'model.onnx');
  mkdirSync(dirname(path));
  writeFileSync(path, buildOnnx(graph));
  return path;
}

/** Removes all models that were written. */
export function removeModels(): void {
  if (folder) rmSync(folder, { recursive: true });
  folder = undefined;
}

/** y = x, of any shape with `rank` dimensions. */
export function identityModel(datatype: Datatype, rank = 1): OnnxGraph {
  const shape = Array.from({ length: rank }, (_, axis) => `n${axis}`);
  return {
    inputs: [{ name: 'x', datatype, shape }],
    outputs: [{ name: 'y', datatype, shape }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  };
}

/** sum = a + b and difference = a - b, in FP32 [n, 2]. */
export function addModel(): OnnxGraph {
  const value = (name: string) => ({ name, datatype: 'FP32' as const, shape: ['n', 2] });
  return {
    inputs: [value('a'), value('b')],
    outputs: [value('sum'), value('difference')],
    nodes: [
      { op: 'Add', inputs: ['a', 'b'], outputs: ['sum'] },
      { op: 'Sub', inputs: ['a', 'b'], outputs: ['difference'] },
    ],
  };
}

/** `layers` products of a [size, size] matrix with a weight: half a second on one thread for 40 of 640. */
export function slowModel(layers = 40, size = 640): OnnxGraph {
  const weight = new Float32Array(size * size).fill(1 / size);
  const value = (name: string) => ({ name, datatype: 'FP32' as const, shape: ['n', size] });
  const nodes = Array.from({ length: layers }, (_, layer): OnnxNode => {
    const output = layer === layers - 1 ? 'y' : `h${layer + 1}`;
    return { op: 'MatMul', inputs: [layer === 0 ? 'x' : `h${layer}`, 'w'], outputs: [output] };
  });
  const data = new Uint8Array(weight.buffer);
  return {
    inputs: [value('x')],
    outputs: [value('y')],
    nodes,
    initializers: [{ name: 'w', datatype: 'FP32', shape: [size, size], data }],
  };
}

/**
 * Multiplies small matrices as often as its input says: at once for 0, far longer than any test waits for what the
 * tests send.
 */
export function endlessModel(): OnnxGraph {
  return {
    inputs: [{ name: 'n', datatype: 'INT64', shape: [] }],
    outputs: [{ name: 'y', datatype: 'FP32' }],
    initializers: [
      { name: 'shape', datatype: 'INT64', shape: [2], data: new Uint8Array(BigInt64Array.of(64n, 64n).buffer) },
      { name: 'true', datatype: 'BOOL', shape: [], data: Uint8Array.of(1) },
    ],
    nodes: [
      { op: 'ConstantOfShape', inputs: ['shape'], outputs: ['start'] },
      {
        op: 'Loop',
        inputs: ['n', 'true', 'start'],
        outputs: ['y'],
        attributes: {
          body: {
            graph: {
              inputs: [
                { name: 'i', datatype: 'INT64', shape: [] },
                { name: 'go', datatype: 'BOOL', shape: [] },
                { name: 'm', datatype: 'FP32' },
              ],
              outputs: [
                { name: 'on', datatype: 'BOOL', shape: [] },
                { name: 'product', datatype: 'FP32' },
              ],
              nodes: [
                { op: 'Identity', inputs: ['go'], outputs: ['on'] },
                { op: 'MatMul', inputs: ['m', 'm'], outputs: ['product'] },
              ],
            },
          },
        },
      },
    ],
  };
}

/** Scores [n, 3] as a sequence of maps by class label, as scikit-learn's converter writes it. */
export function zipMapModel(labels: readonly string[] | readonly number[]): OnnxGraph {
  const isText = typeof labels[0] === 'string';
  const attribute = isText ? 'classlabels_strings' : 'classlabels_int64s';
  return {
    inputs: [{ name: 'scores', datatype: 'FP32', shape: ['n', labels.length] }],
    outputs: [{ name: 'probabilities', datatype: 'FP32', sequenceOfMaps: isText ? 'BYTES' : 'INT64' }],
    nodes: [
      {
        op: 'ZipMap',
        inputs: ['scores'],
        outputs: ['probabilities'],
        domain: 'ai.onnx.ml',
        attributes: { [attribute]: labels },
      },
    ],
  };
}

/** Places of the elements that are not 0: how many there are depends on the data. */
export function nonZeroModel(): OnnxGraph {
  return {
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['n'] }],
    outputs: [{ name: 'places', datatype: 'INT64', shape: [1, 'm'] }],
    nodes: [{ op: 'NonZero', inputs: ['x'], outputs: ['places'] }],
  };
}

/** Looks places up in a table of four: any other place fails while the model runs. */
export function gatherModel(): OnnxGraph {
  const data = new Uint8Array(new Float32Array([10, 20, 30, 40]).buffer);
  return {
    inputs: [{ name: 'place', datatype: 'INT64', shape: ['n'] }],
    outputs: [{ name: 'value', datatype: 'FP32', shape: ['n'] }],
    nodes: [{ op: 'Gather', inputs: ['table', 'place'], outputs: ['value'] }],
    initializers: [{ name: 'table', datatype: 'FP32', shape: [4], data }],
  };
}

/** a / b element by element: shapes that do not fit each other fail while the model runs. */
export function divideModel(): OnnxGraph {
  return {
    inputs: [
      { name: 'a', datatype: 'FP32', shape: ['n'] },
      { name: 'b', datatype: 'FP32', shape: ['m'] },
    ],
    outputs: [{ name: 'y', datatype: 'FP32' }],
    nodes: [{ op: 'Div', inputs: ['a', 'b'], outputs: ['y'] }],
  };
}

/** The input as a sequence, which no form of answer has. */
export function sequenceModel(): OnnxGraph {
  return {
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['n'] }],
    outputs: [{ name: 'items', datatype: 'FP32', sequence: true }],
    nodes: [{ op: 'SequenceConstruct', inputs: ['x'], outputs: ['items'] }],
  };
}

/** A sequence as an input, beside a tensor. */
export function sequenceInputModel(): OnnxGraph {
  const model = identityModel('FP32');
  return { ...model, inputs: [...model.inputs, { name: 'items', datatype: 'FP32', sequence: true }] };
}

/** y = x, of any shape: nothing is said of it. */
export function shapelessModel(): OnnxGraph {
  return {
    inputs: [{ name: 'x', datatype: 'FP32' }],
    outputs: [{ name: 'y', datatype: 'FP32' }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  };
}

/**
 * y = x + w, where w is what `nodes` additions of a constant of so many elements come to: all is known before it runs.
 */
export function foldableModel(nodes = 3000, size = 4096): OnnxGraph {
  const constant = new Uint8Array(new Float32Array(size).fill(0.001).buffer);
  const sums = Array.from({ length: nodes }, (_, index): OnnxNode => {
    const previous = index === 0 ? 'c' : `s${index - 1}`;
    return { op: 'Add', inputs: [previous, 'c'], outputs: [`s${index}`] };
  });
  return {
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['n', size] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['n', size] }],
    nodes: [...sums, { op: 'Add', inputs: ['x', `s${nodes - 1}`], outputs: ['y'] }],
    initializers: [{ name: 'c', datatype: 'FP32', shape: [size], data: constant }],
  };
}
