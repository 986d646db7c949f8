import { join } from 'node:path';
import { writeOnnxModel } from '../src/adapters/onnx-files/write-onnx-model.ts';
import { elementTypes } from '../src/adapters/onnx-native/element-types.ts';
import type { OnnxModel, OnnxValue } from '../src/graph/onnx-model.ts';
import { openModel } from './open-model.ts';

/**
 * What values within a model are, as the runtime types them: as outputs of the model, of which nothing is said.
 *
 * Rejects with an Error where one is no tensor.
 *
 * @param folder for the model with those outputs
 */
export async function crossingValues(
  model: OnnxModel,
  names: readonly string[],
  folder: string,
): Promise<ReadonlyMap<string, OnnxValue>> {
  const { graph } = model;
  const said = new Map(graph.values.filter(({ type }) => type?.shape).map((value) => [value.name, value]));
  const asked = names.filter((name) => !said.has(name) && !graph.outputs.some((output) => output.name === name));
  const found = new Map(names.flatMap((name) => said.get(name) ?? []).map((value) => [value.name, value]));
  if (asked.length === 0) return found;
  const path = join(folder, 'model.onnx');
  const outputs = [...graph.outputs, ...asked.map((name) => ({ name }))];
  await writeOnnxModel({ ...model, graph: { ...graph, outputs } }, path);
  const session = await openModel(path, 'the model with the values between its stages as outputs');
  await session.release();
  for (const name of asked) {
    const spec = session.outputs.find((output) => output.name === name);
    if (!spec) throw new Error(`'${name}', which a later stage takes, is no tensor: it cannot be sent there`);
    const { datatype, shape, anyRank } = spec;
    const sizes = shape.map((size) => (size === -1 ? undefined : size));
    found.set(name, { name, type: { dataType: elementTypes[datatype], ...(!anyRank && { shape: sizes }) } });
  }
  return found;
}
