import type { TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { accelerators } from './accelerators.ts';
import { addGpuMachines } from './add-gpu-machines.ts';
import { type AddServerProps, addServer } from './add-server.ts';
import { addTriton } from './add-triton.ts';
import { addVllm } from './add-vllm.ts';
import { BalancedEndpoint, type BalancedEndpointProps } from './balanced-endpoint.ts';
import { InferenceService } from './inference-service.ts';
import { makeTask } from './make-task.ts';
import { diskGb } from './model-room.ts';
import { registryImage } from './registry-image.ts';
import { serverChoices } from './server-choices.ts';
import { ServerImage } from './server-image.ts';
import { TritonImage } from './triton-image.ts';
import { VllmImage } from './vllm-image.ts';

/** Images for a GPU are large, and so are models of other engines. */
const leastDiskGb = 80;

/** What serves on a GPU. */
type GpuImage = ServerImage | TritonImage | VllmImage;

export interface GpuEndpointProps extends BalancedEndpointProps {
  /**
   * The server: ours, Triton, or vLLM, which serves one model. @default ServerImage.built(): from containers/inference
   * when the stack is deployed
   */
  readonly image?: GpuImage | undefined;
  /** The GPU, a part of one, such as `l4/4`, or for vLLM several, such as `l4x4`. @default 'l4' */
  readonly accelerator?: keyof typeof accelerators | undefined;
  /** Memory in MB; a virtual CPU comes with each 4096, with an L40S each 8192, as its machines have. @default 14336 */
  readonly memoryMb?: number | undefined;
}

/**
 * The server on machines with an NVIDIA GPU, which ECS starts, patches and replaces. A model that CUDA cannot run does
 * not load: it never runs on the processor unnoticed.
 *
 * @example
 * const speech = new GpuEndpoint(this, 'Speech', { models: models.select({ modelNames: ['whisper'] }), network, domainName, certificateArn });
 */
export class GpuEndpoint extends BalancedEndpoint {
  readonly serving: InferenceService;
  readonly answersTasks: boolean;

  constructor(scope: Construct, id: string, props: GpuEndpointProps) {
    super(scope, id, props);
    const { models, network, certificateArn, image = ServerImage.built(), memoryMb = 14_336 } = props;
    const { accelerator = 'l4' } = props;
    const machines = { network, accelerator, memoryMb, diskGb: diskGb(memoryMb, leastDiskGb) };
    const { gpuCount, cpus, capacity } = addGpuMachines(this, machines);
    const task = makeTask(this, 'Task', { cpus, memoryMb, isOnMachines: true });
    const common = { models, memoryMb, gpuCount, logRetention: network.logRetention };
    const load = this.#addServer(task, image, common, props);
    this.answersTasks = image instanceof ServerImage;
    const isOpenAi = image instanceof VllmImage;
    this.serving = new InferenceService(this, 'Serving', { network, task, certificateArn, load, capacity, isOpenAi });
  }

  #addServer(task: TaskDefinition, image: GpuImage, common: Omit<AddServerProps, 'image'>, others: GpuEndpointProps) {
    if (image instanceof TritonImage) return addTriton(task, { ...common, image: registryImage(this, image.name) });
    if (image instanceof VllmImage)
      return addVllm(task, { ...common, image: image.forTask(this), modelVersion: image.modelVersion });
    const asked = { ...serverChoices(others), options: ['--execution-providers', 'cuda'] };
    return addServer(task, { ...common, ...asked, image: image.forTask(this, 'cuda') });
  }
}
