/** What a prepared model's weights are called, beside its `model.onnx`. */
export const weightsFile = 'weights.bin';
