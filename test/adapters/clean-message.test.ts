import { expect, test } from '@jest/globals';
import { cleanMessage } from '../../src/adapters/onnx-native/clean-message.ts';

const source = '/onnxruntime_src/onnxruntime/core';

test.each([
  [
    `Non-zero status code returned while running Pad node. Name:'/stft/Pad' Status Message: ${source}/providers/cpu/tensor/pad.cc:553 onnxruntime::common::Status onnxruntime::PadImpl(onnxruntime::OpKernelContext*, const std::function<void(int)>&) [with T = float] Pad reflect: post-pad (64) exceeds maximum allowed (4) for axis 1`,
    "Pad node '/stft/Pad': Pad reflect: post-pad (64) exceeds maximum allowed (4) for axis 1",
  ],
  [
    `Load model from /srv/a b/model.onnx failed:${source}/graph/model.cc:187 onnxruntime::Model::Model(onnx::ModelProto&&, const onnxruntime::PathString&) ModelProto does not have a graph.\n`,
    'ModelProto does not have a graph.',
  ],
  [
    `Exception during initialization: ${source}/optimizer/initializer.cc:51 onnxruntime::Initializer::Initializer(const onnx::TensorProto&) [ONNXRuntimeError] : 1 : FAIL : tensorprotoutils.cc:1763 GetExtDataFromTensorProto External initializer: w (4 bytes) is cut short`,
    'External initializer: w (4 bytes) is cut short',
  ],
  [
    `${source}/providers/cpu/text/normalizer.cc:235 Locale::Locale(const std::string&)::<lambda()> Invalid UTF-8 lead byte`,
    'Invalid UTF-8 lead byte',
  ],
  [
    `${source}/framework/op_kernel.cc:83 bool onnxruntime::(anonymous namespace)::Check::operator()(int) const size >= 0 && a.b() was false. It must be. 2 by 3`,
    'It must be. 2 by 3',
  ],
  [
    'D:\\a\\_work\\1\\s\\core\\session\\provider.cc:1426 onnxruntime::ProviderLibrary::Get LoadLibrary failed (1)',
    'LoadLibrary failed (1)',
  ],
  [
    "Non-zero status code returned while running Loop node. Name:'l' Status Message: Non-zero status code returned while running Gather node. Name:'g' Status Message: idx=9",
    "Loop node 'l': Gather node 'g': idx=9",
  ],
])('of %j is left what callers may read', (message, words) => {
  expect(cleanMessage(message)).toBe(words);
});
