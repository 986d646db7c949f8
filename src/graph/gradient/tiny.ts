import { dataTypes } from '../data-types.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** The least normal number of FP32, or of FP16 where `like` is of that: what is divided by is no less. */
export function tiny(graph: GraphBuilder, like: string): string {
  return graph.number(graph.type(like).dataType === dataTypes.FLOAT16 ? 2 ** -14 : 2 ** -126, like);
}
