/**
 * What has the number that is explained, which says its scale: the answer, as the task gives it to an item; the model's
 * output, as infer gives it; the logits, before the Softmax or Sigmoid at the end of the graph.
 */
export const scales = ['answer', 'output', 'logits'] as const;

export type Scale = (typeof scales)[number];
