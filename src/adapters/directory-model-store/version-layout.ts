/**
 * Where the model may lie in a version's folder: at its top, or where repositories of Hugging Face have it. The first
 * that there is counts.
 */
export const modelFiles = ['model.onnx', 'onnx/model.onnx'] as const;

export type ModelFile = (typeof modelFiles)[number];

/** The model among a version's files; undefined where there is none. */
export function modelFileAmong(files: { has(file: string): boolean }): ModelFile | undefined {
  return modelFiles.find((file) => files.has(file));
}

/**
 * Whether a file, by its path in the version's folder, is part of a version with that model.
 *
 * Repositories of Hugging Face hold the same weights for other runtimes, and other forms of the model beside it: of
 * those, only the model with its external data and small texts count. In a folder of this layout's own, all files do.
 */
export function isPartOf(modelFile: ModelFile, path: string): boolean {
  if (modelFile === 'model.onnx' || path === modelFile) return true;
  if (path.startsWith('onnx/')) return path.startsWith('onnx/model.onnx') || !/\.onnx([._]data(_[0-9]+)?)?$/.test(path);
  return /\.(json|txt|jinja)$|^samples\.jsonl$/.test(path);
}
