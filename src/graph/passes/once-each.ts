import type { OnnxTensor } from '../onnx-model.ts';

/** The same function, but that it is asked once for each tensor: nodes that share a weight share what is made of it. */
export function onceEach<Made>(make: (tensor: OnnxTensor) => Made): (tensor: OnnxTensor) => Made {
  const known = new Map<OnnxTensor, Made>();
  return (tensor) => {
    const made = known.get(tensor) ?? make(tensor);
    known.set(tensor, made);
    return made;
  };
}
