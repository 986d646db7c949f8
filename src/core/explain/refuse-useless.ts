import { ServiceError } from '../../protocol/service-error.ts';
import type { Flow } from '../tasks/flow.ts';
import type { ExplainOptions } from './explain-options.ts';
import type { Method } from './methods.ts';

/** What only some methods go by. */
const readBy: Readonly<Partial<Record<keyof ExplainOptions, readonly Method[]>>> = {
  samples: ['kernel-shap', 'lime'],
  steps: ['integrated-gradients'],
  layer: ['grad-cam'],
  baseline: ['kernel-shap', 'shapley', 'lime', 'occlusion', 'integrated-gradients'],
};

/**
 * Throws 400 for a parameter that would change nothing, so that nobody takes what comes for its effect.
 *
 * @param takes what an item is; undefined: tensors
 */
export function refuseUseless(options: ExplainOptions, takes: keyof Flow | undefined): void {
  const { method } = options;
  for (const name of Object.keys(readBy) as (keyof typeof readBy)[]) {
    const methods = readBy[name] ?? [];
    // The usual methods may draw, and go by no gradients.
    const isRead = method === undefined ? methods.includes('kernel-shap') : methods.includes(method);
    if (options[name] !== undefined && !isRead)
      throw useless(
        name,
        method === undefined
          ? `is of ${methods.join(', ')} alone: name that as the 'method'`
          : `is of ${methods.join(', ')}, and the method is ${method}`,
      );
  }
  if (options.parts !== undefined && takes !== 'file')
    throw useless('parts', 'is of pictures, sounds and files: columns, words and elements are parts by themselves');
  if (options.output !== undefined && takes !== undefined)
    throw useless('output', "is of tensors; of an item the model's task says which scores are explained");
}

function useless(name: string, why: string): ServiceError {
  return new ServiceError(400, `parameter '${name}': it ${why}`, { field: name });
}
