import { expect, test } from '@jest/globals';
import { ModelVersion } from '../../../src/core/model-version.ts';
import { modelsRoute } from '../../../src/http/openai/models-route.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import { defaultConfig } from '../../fakes/fake-store.ts';

test('the list tells the task of the version that would be asked, and none where none would', async () => {
  const [plain, trained] = [1, 5].map((version) => new ModelVersion('iris', version, defaultConfig));
  if (trained) trained.taskName = 'tabular-classification';
  const meant = new Map([
    ['aliased', plain],
    ['newest', trained],
  ]);
  const repository = {
    listed: () => ['aliased', 'newest', 'unloaded'],
    versions: () => [plain, trained],
    resolve: (name: string) => {
      const version = meant.get(name);
      if (!version) throw new ServiceError(503, 'unloaded');
      return version;
    },
  };
  const { body } = await modelsRoute(repository as never).list({} as never, []);
  const { data } = JSON.parse(Buffer.concat(body as Uint8Array[]).toString());
  expect(data.map(({ id, task }: { id: string; task?: string }) => [id, task])).toEqual([
    ['aliased', undefined],
    ['newest', 'tabular-classification'],
    ['unloaded', undefined],
  ]);
});
