import { mainGraphOf } from '../../graph/main-graph-of.ts';
import { whyRowsMix } from '../../graph/why-rows-mix.ts';
import { readFileModel } from '../onnx-files/read-file-model.ts';

/** Why rows of the model at `path` might not be answered each for itself; empty where they are. What has more in it than is read here can be served all the same. */
export async function whyRowsMixOf(path: string): Promise<string> {
  const reason = await readFileModel(path)
    .then(mainGraphOf)
    .then(whyRowsMix, () => 'its graph could not be read');
  return reason ?? '';
}
