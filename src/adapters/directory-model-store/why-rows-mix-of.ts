import { mainGraphOf } from '../../graph/main-graph-of.ts';
import { readModel } from '../../graph/read-model.ts';
import { whyRowsMix } from '../../graph/why-rows-mix.ts';
import { fileAccess } from '../onnx-files/file-access.ts';

/** Why rows of the model at `path` might not be answered each for itself; empty where they are. What has more in it than is read here can be served all the same. */
export async function whyRowsMixOf(path: string): Promise<string> {
  const reason = await fileAccess(path)
    .then((file) => readModel(file))
    .then(mainGraphOf)
    .then(whyRowsMix, () => 'its graph could not be read');
  return reason ?? '';
}
