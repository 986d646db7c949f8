/** What is wrong with a repository of Hugging Face that lies in a model's folder, from within the quoted path on. */
export function repositoryWithoutVersion(model: string): string {
  return `onnx' lies in no version's folder: expected '${model}/1/onnx/model.onnx', and all that lies beside 'onnx' in '${model}/1' too`;
}
