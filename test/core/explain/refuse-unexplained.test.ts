import { expect, test } from '@jest/globals';
import { refuseUnexplained } from '../../../src/core/explain/refuse-unexplained.ts';
import { ModelVersion } from '../../../src/core/model-version.ts';
import { defaultConfig } from '../../fakes/fake-store.ts';

test('a model that goes on with texts is not explained, whether its settings or its folder say so', () => {
  const bySettings = new ModelVersion('story', 1, { ...defaultConfig, task: { name: 'text-generation' } });
  const byFolder = new ModelVersion('story', 1, defaultConfig);
  refuseUnexplained(byFolder);
  byFolder.taskName = 'text-generation';
  for (const version of [bySettings, byFolder])
    expect(() => refuseUnexplained(version)).toThrow(
      "model 'story' version 1 goes on with texts, and generated text is not explained: scores of an item are",
    );
});
