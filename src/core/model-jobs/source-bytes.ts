import type { ObjectStore } from '../../ports/object-store.ts';
import type { ModelJob } from './model-job.ts';

/**
 * How much a job reads: its files, and the version of the repository that it names, or the largest of that model where
 * it names none by its number.
 */
export async function sourceBytes(models: Pick<ObjectStore, 'list'>, { source, inputs }: ModelJob): Promise<number> {
  const own = Object.values(inputs).reduce((sum, { bytes }) => sum + bytes, 0);
  if (typeof source !== 'string') return own;
  const [model = '', reference = ''] = source.split('@');
  const files = await models.list(/^[1-9]\d*$/.test(reference) ? `${model}/${reference}/` : `${model}/`);
  const versions = new Map<string, number>();
  for (const { key, bytes } of files) {
    const version = key.slice(model.length + 1).split('/', 1)[0] ?? '';
    versions.set(version, (versions.get(version) ?? 0) + bytes);
  }
  return own + Math.max(0, ...versions.values());
}
