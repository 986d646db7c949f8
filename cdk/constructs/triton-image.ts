/**
 * NVIDIA's Triton as an image, for models that ONNX Runtime does not serve: in ECR, by tag or digest, since the network
 * has no way to NVIDIA's registry. It is `nvcr.io/nvidia/tritonserver`, copied.
 */
export class TritonImage {
  /** Such as `123456789012.dkr.ecr.eu-west-1.amazonaws.com/tritonserver:25.10-py3`. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}
