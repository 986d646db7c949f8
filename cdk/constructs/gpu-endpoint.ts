import { type InstanceRequirementsConfig, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Compatibility, ManagedInstancesCapacityProvider, NetworkMode, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { accelerators } from './accelerators.ts';
import { acknowledge } from './acknowledge.ts';
import { type AddServerProps, addServer } from './add-server.ts';
import { addTriton } from './add-triton.ts';
import { addVllm } from './add-vllm.ts';
import { BalancedEndpoint, type BalancedEndpointProps } from './balanced-endpoint.ts';
import { InferenceService } from './inference-service.ts';
import { registryImage } from './registry-image.ts';
import { serverChoices } from './server-choices.ts';
import { ServerImage } from './server-image.ts';
import { TritonImage } from './triton-image.ts';
import { VllmImage } from './vllm-image.ts';

/** What serves on a GPU. */
type GpuImage = ServerImage | TritonImage | VllmImage;

export interface GpuEndpointProps extends BalancedEndpointProps {
  /** The server: ours, Triton, or vLLM, which serves one model. @default ServerImage.built(): from containers/inference when the stack is deployed */
  readonly image?: GpuImage | undefined;
  /** The GPU, a part of one, such as `l4/4`, or for vLLM several, such as `l4x4`. @default 'l4' */
  readonly accelerator?: keyof typeof accelerators | undefined;
  /** Memory in MB; a virtual CPU comes with each 4096, with an L40S each 8192, as its machines have. @default 14336 */
  readonly memoryMb?: number | undefined;
}

/**
 * The server on machines with an NVIDIA GPU, which ECS starts, patches and replaces. A model that CUDA cannot run does not
 * load: it never runs on the processor unnoticed.
 *
 * @example
 * const speech = new GpuEndpoint(this, 'Speech', { models: models.select({ modelNames: ['whisper'] }), network, domainName, certificateArn });
 */
export class GpuEndpoint extends BalancedEndpoint {
  readonly serving: InferenceService;

  constructor(scope: Construct, id: string, props: GpuEndpointProps) {
    super(scope, id, props);
    const { models, network, certificateArn, image = ServerImage.built(), memoryMb = 14_336 } = props;
    const { gpuCount, megabytesPerCpu, machines } = accelerators[props.accelerator ?? 'l4'];
    const cpus = Math.ceil(memoryMb / megabytesPerCpu);
    const provider = this.#machines({ vCpuCountMin: cpus, memoryMin: Size.mebibytes(memoryMb), ...machines });
    const task = new TaskDefinition(this, 'Task', {
      compatibility: Compatibility.MANAGED_INSTANCES,
      networkMode: NetworkMode.AWS_VPC,
      cpu: String(cpus * 1024),
      memoryMiB: String(memoryMb),
    });
    const common = { models, memoryMb, gpuCount, logRetention: network.logRetention };
    const load = this.#addServer(task, image, common, props);
    const isOpenAi = image instanceof VllmImage;
    const capacity = { capacityProvider: provider.capacityProviderName, weight: 1 };
    this.serving = new InferenceService(this, 'Serving', { network, task, certificateArn, load, capacity, isOpenAi });
  }

  #addServer(task: TaskDefinition, image: GpuImage, common: Omit<AddServerProps, 'image'>, others: GpuEndpointProps) {
    if (image instanceof TritonImage) return addTriton(task, { ...common, image: registryImage(this, image.name) });
    if (image instanceof VllmImage)
      return addVllm(task, { ...common, image: image.forTask(this), modelVersion: image.modelVersion });
    const asked = { ...serverChoices(others), options: ['--execution-providers', 'cuda'] };
    return addServer(task, { ...common, ...asked, image: image.forTask(this, 'cuda') });
  }

  #machines(instanceRequirements: InstanceRequirementsConfig): ManagedInstancesCapacityProvider {
    const { vpc, subnets, cluster } = this.network;
    const machines = new ManagedInstancesCapacityProvider(this, 'Machines', {
      subnets: [...subnets],
      securityGroups: [new SecurityGroup(this, 'MachineGroup', { vpc })],
      instanceRequirements,
    });
    cluster.addManagedInstancesCapacityProvider(machines);
    const policy = 'AmazonECSInfrastructureRolePolicyForManagedInstances';
    acknowledge(machines, {
      [`AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`]:
        'The policy that AWS maintains for this, and by which ECS starts and ends machines of its own alone',
    });
    const joining = 'What a machine needs to join ECS, as the CDK writes it: ECS gives it no name before';
    acknowledge(machines, {
      'AwsSolutions-IAM5[Resource::*]': joining,
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:container-instance/*]':
        joining,
    });
    return machines;
  }
}
