// Operators that repeat, or whose output's size is given, by the value of an input. Source: ONNX's operator list, opset
// 24.
const operators = new Set([
  'AffineGrid',
  'BlackmanWindow',
  'CenterCropPad',
  'Col2Im',
  'ConstantOfShape',
  'DFT',
  'Expand',
  'HammingWindow',
  'HannWindow',
  'Loop',
  'MaxUnpool',
  'MelWeightMatrix',
  'OneHot',
  'Pad',
  'Range',
  'Resize',
  'STFT',
  'Tile',
  'Upsample',
]);

/**
 * Whether the time of a graph's run may depend on what its inputs hold, and not only on how large they are.
 *
 * `names` are as a graph names its operators; those of a domain other than ONNX's own two are taken to be of that kind.
 */
export function sizedByValues(names: readonly string[]): boolean {
  return names.some((name) => operators.has(name) || (name.includes('.') && !name.startsWith('ai.onnx.ml.')));
}
