import { elementBytes } from '../../protocol/element-bytes.ts';
import type { DocumentedModel } from './documented-model.ts';
import { fewestElements } from './fewest-elements.ts';

/** A command line that sends zeros as a raw body, for a model that takes one; undefined where it does not. */
export function rawExample(model: DocumentedModel, basePath: string): string | undefined {
  const [input] = model.inputs;
  if (!input || model.inputs.length > 1 || input.datatype === 'BYTES') return undefined;
  // The length tells one free dimension; a first one beside it counts as 1.
  if (input.shape.filter((size, index) => size === -1 && index > 0).length > 1) return undefined;
  const bytes = fewestElements(input.shape) * elementBytes[input.datatype];
  return [
    `head -c ${bytes} /dev/zero |`,
    `  curl --data-binary @- -H 'Content-Type: application/octet-stream' -H 'Inference-Header-Content-Length: 0' \\`,
    `    --output answer.bin http://HOST:PORT${basePath}/v2/models/${encodeURIComponent(model.name)}/infer`,
  ].join('\n');
}
