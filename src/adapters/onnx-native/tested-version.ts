/** The version of ONNX Runtime that all of this is tested with; package.json pins it. */
export const testedVersion = '1.30.0';
