import type { PostprocessStep } from '../../ports/task.ts';
import type { JsonObject } from './read-json-file.ts';

/** Models whose classes are each for itself; of all others the last class stands for nothing. */
const eachForItself = /^(rt_detr|d_fine|deformable_detr|conditional_detr|deta|dab_detr)/;

/**
 * The steps of the models of DETR's kind, which give each object once. Throws an Error where nothing says which class
 * stands for nothing.
 */
export function objectsOf({ model_type: kind }: JsonObject, classes: number): readonly PostprocessStep[] {
  const boxes = { scores: 'logits', boxes: 'pred_boxes', form: 'center', overlap: 1 } as const;
  if (eachForItself.test(String(kind))) return [{ sigmoid: { output: 'logits' } }, { boxes }];
  if (classes === 0) throw new Error("config.json has no 'id2label', behind whose last class is the one for nothing");
  return [{ softmax: { output: 'logits' } }, { boxes: { ...boxes, background: classes } }];
}
