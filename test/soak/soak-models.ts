import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { identityModel } from '../adapters/models.ts';
import { buildOnnx, type OnnxGraph, type OnnxNode } from '../fakes/onnx-builder.ts';

/**
 * A model of the soak: numbers of a row of `width` come back in another order, exactly, so that an answer tells whose
 * it is.
 */
export interface SoakModel {
  readonly name: string;
  readonly width: number;
  /** How often a row's numbers change places. */
  readonly products: number;
  /** It is loaded and unloaded meanwhile. */
  readonly comesAndGoes: boolean;
}

const usual = { products: 1, comesAndGoes: false };

export const soakModels: readonly SoakModel[] = [
  // Short, so that its requests share runs on the thread that answers them.
  { ...usual, name: 'short', width: 32 },
  // Longer than a hop to another thread.
  { ...usual, name: 'long', width: 512, products: 40 },
  { ...usual, name: 'kept', width: 16 },
  { ...usual, name: 'swapped', width: 384, comesAndGoes: true },
  // Too large together for the memory budget. Widths are no multiples of 5, so that no two numbers come to one place.
  ...['first', 'second', 'third'].map((name) => ({ ...usual, name, width: 704 })),
];

/** Bytes of models that leave no room for the three largest at once. */
export const memoryBudget = '6M';

/** Where the number at `place` of a row is in the answer. */
export function placeAfter({ width, products }: SoakModel, place: number): number {
  let at = place;
  for (let product = 0; product < products; product += 1) at = (at * 5 + 3) % width;
  return at;
}

/** Lays out all models, a broken one among them, and one of texts. */
export function writeSoakModels(folder: string): void {
  const write = (name: string, content: Uint8Array | string, settings: object = {}) => {
    const path = join(folder, name, '1/model.onnx');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    writeFileSync(join(folder, name, 'model.json'), JSON.stringify({ load: 'first-use', ...settings }));
  };
  for (const model of soakModels) {
    write(model.name, buildOnnx(permuting(model)), { responseCache: model.name === 'kept' });
  }
  write('texts', buildOnnx(identityModel('BYTES', 2)));
  write('broken', 'no model');
}

/** y = x·w·w…, where w moves the number at `place` to place · 5 + 3. */
function permuting({ width, products }: SoakModel): OnnxGraph {
  const weights = new Float32Array(width * width);
  for (let row = 0; row < width; row += 1) weights[row * width + ((row * 5 + 3) % width)] = 1;
  const w = { name: 'w', datatype: 'FP32' as const, shape: [width, width], data: new Uint8Array(weights.buffer) };
  const value = (name: string) => ({ name, datatype: 'FP32' as const, shape: ['n', width] });
  const nodes = Array.from(
    { length: products },
    (_, index): OnnxNode => ({
      op: 'MatMul',
      inputs: [index === 0 ? 'x' : `h${index}`, 'w'],
      outputs: [index === products - 1 ? 'y' : `h${index + 1}`],
    }),
  );
  return { inputs: [value('x')], outputs: [value('y')], nodes, initializers: [w] };
}
