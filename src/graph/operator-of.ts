import type { OnnxNode } from './onnx-model.ts';

/**
 * A node's operator by its name alone where it is one of ONNX's own, else with its domain ahead: `com.microsoft.Gelu`.
 */
export function operatorOf({ domain, opType }: Pick<OnnxNode, 'domain' | 'opType'>): string {
  return domain === '' ? opType : `${domain}.${opType}`;
}
