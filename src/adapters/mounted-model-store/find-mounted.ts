import { isAbsolute, join, parse, resolve } from 'node:path';
import type { StoredModel } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { DirectoryModelStore } from '../directory-model-store/directory-model-store.ts';

export interface Mounted {
  readonly store: DirectoryModelStore;
  /** As `store` has it. */
  readonly model: StoredModel;
}

/** The one model that lies in `folder`, or that it is. Rejects with 400 where that is not one. */
export async function findMounted(folder: string): Promise<Mounted> {
  if (!isAbsolute(folder)) throw new ServiceError(400, `'${folder}': expected the absolute path of a folder`);
  const { dir, base } = parse(resolve(folder));
  const around = new DirectoryModelStore(dir);
  const itself = await around.find(base);
  if (itself && itself.versions.length > 0) return { store: around, model: itself };
  const within = new DirectoryModelStore(folder);
  const models = await within.list().catch(() => []);
  const [model, ...others] = models.filter(({ versions }) => versions.length > 0);
  if (model && others.length === 0) return { store: within, model };
  const found = models.map(({ name, problem }) => problem ?? name).join('; ') || 'none';
  throw new ServiceError(
    400,
    `'${folder}': expected one model, as ${join('<name>', '1', 'model.onnx')} or ${join('1', 'model.onnx')} in it; found ${found}`,
  );
}
