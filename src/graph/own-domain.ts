/** ONNX's own domain has two names; this is the shorter for both. */
export function ownDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}
