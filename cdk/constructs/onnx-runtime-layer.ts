import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { buildLayer } from '../../layers/onnxruntime/build-layer.ts';

export interface OnnxRuntimeLayerProps {
  /** Processors of the functions that use it. @default Architecture.X86_64 */
  readonly architecture?: Architecture | undefined;
}

/** ONNX Runtime and the way to call it, for functions of one architecture. Built at synth where it is not yet there. */
export class OnnxRuntimeLayer extends Construct {
  readonly layer: LayerVersion;
  readonly architecture: Architecture;

  constructor(scope: Construct, id: string, props: OnnxRuntimeLayerProps = {}) {
    super(scope, id);
    this.architecture = props.architecture ?? Architecture.X86_64;
    const folder = buildLayer(this.architecture.name === Architecture.ARM_64.name ? 'arm64' : 'x64');
    this.layer = new LayerVersion(this, 'Layer', {
      code: Code.fromAsset(folder),
      compatibleArchitectures: [this.architecture],
      compatibleRuntimes: [Runtime.NODEJS_24_X],
      description: `ONNX Runtime for linux/${this.architecture.name}`,
    });
  }
}
