import type { Route } from '../router.ts';
import { type ExplainParts, explainRoute } from './explain-route.ts';

/** Explanations of what models answer, to tensors and to items of their tasks. */
export function explainRoutes(parts: ExplainParts): readonly Route[] {
  const [tensors, item] = [explainRoute('tensors', parts), explainRoute('item', parts)];
  return [
    ['POST', '/v2/models/:model/explain', 'infer', tensors],
    ['POST', '/v2/models/:model/versions/:version/explain', 'infer', tensors],
    ['POST', '/v1/explain/:model', 'infer', item],
    ['POST', '/v1/explain/:model/versions/:version', 'infer', item],
  ];
}
