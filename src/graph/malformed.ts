/** The error for a file that is no ONNX model. */
export function malformed(reason: string): Error {
  return new Error(`not a well-formed ONNX file: ${reason}`);
}
