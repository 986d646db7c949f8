import type { ModelMetadata } from '../src/core/model-metadata.ts';
import { askServer } from './ask-server.ts';
import { modelPath } from './model-path.ts';
import type { ModelReference } from './model-reference.ts';
import { unknownModel } from './unknown-model.ts';

/** What another server may leave out. */
export type ReadMetadata = Pick<ModelMetadata, 'inputs'> & Partial<Pick<ModelMetadata, 'parameters'>>;

/** The metadata of a model of the server at `url`. Rejects with an Error that names the model most likely meant. */
export async function readMetadata(url: string, reference: ModelReference): Promise<ReadMetadata> {
  const model = `${url}/v2/models/${modelPath(reference)}`;
  const response = await askServer(model).catch(async (error) => {
    if (error.status !== 404) throw error;
    const names = await modelNames(url);
    throw names.includes(reference.name) ? error : unknownModel(reference.name, url, names);
  });
  const metadata = (await response.json()) as Partial<ReadMetadata>;
  const { inputs } = metadata;
  if (Array.isArray(inputs)) return { ...metadata, inputs };
  throw new Error(`${model} answers with no metadata of a model`);
}

async function modelNames(url: string): Promise<readonly string[]> {
  const { models } = (await (await askServer(`${url}/v2/models`)).json()) as { models: readonly string[] };
  return models;
}
