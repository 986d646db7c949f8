/** What a file that holds a model is called, by whoever did not call it model.onnx. */
export const onnxFile = /\.onnx$/i;
