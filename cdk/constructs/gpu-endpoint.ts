import { AcceleratorManufacturer, AcceleratorName, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Compatibility, ManagedInstancesCapacityProvider, NetworkMode, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Size } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { addServer } from './add-server.ts';
import type { ContainerEndpointProps } from './container-endpoint.ts';
import type { EndpointNetwork } from './endpoint-network.ts';
import { InferenceService } from './inference-service.ts';
import type { ModelSource } from './model-source.ts';
import type { RoutedEndpoint } from './routed-endpoint.ts';
import { serverImage } from './server-image.ts';

export interface GpuEndpointProps extends Omit<ContainerEndpointProps, 'architecture'> {
  /** The GPU. @default 'l4' */
  readonly accelerator?: 'l4' | 'a10g' | 't4' | 'l40s' | undefined;
  /** MB of its memory that a model may take. @default all there is */
  readonly gpuMemoryMb?: number | undefined;
}

const accelerators = {
  l4: AcceleratorName.L4,
  a10g: AcceleratorName.A10G,
  t4: AcceleratorName.T4,
  l40s: AcceleratorName.L40S,
};

/**
 * The server on machines with an NVIDIA GPU, which ECS starts, patches and replaces. A model that CUDA cannot run does not
 * load: it never runs on the processor unnoticed.
 *
 * @example
 * const speech = new GpuEndpoint(this, 'Speech', { models: models.select({ modelNames: ['whisper'] }), network, cluster, domainName, certificateArn });
 */
export class GpuEndpoint extends Construct implements RoutedEndpoint {
  readonly models: ModelSource;
  readonly network: EndpointNetwork;
  readonly domainName: string;
  readonly serving: InferenceService;

  constructor(scope: Construct, id: string, props: GpuEndpointProps) {
    super(scope, id);
    const { network, cluster, certificateArn, scaling, cpus = 4, memoryMb = 14_336, gpuMemoryMb } = props;
    this.models = props.models;
    this.network = network;
    this.domainName = props.domainName;
    const machines = this.#machines(props, cpus, memoryMb);
    cluster.addManagedInstancesCapacityProvider(machines);
    const task = new TaskDefinition(this, 'Task', {
      compatibility: Compatibility.MANAGED_INSTANCES,
      networkMode: NetworkMode.AWS_VPC,
      cpu: String(cpus * 1024),
      memoryMiB: String(memoryMb),
    });
    const { queueMs } = addServer(task, {
      image: serverImage(this, { image: props.image, target: 'cuda' }),
      models: props.models,
      memoryMb,
      gpuCount: 1,
      options: ['--execution-providers', 'cuda', ...(gpuMemoryMb ? ['--gpu-memory', `${gpuMemoryMb}M`] : [])],
      logRetention: props.logRetention,
    });
    const capacity = { capacityProvider: machines.capacityProviderName, weight: 1 };
    this.serving = new InferenceService(this, 'Serving', {
      network,
      cluster,
      task,
      certificateArn,
      queueMs,
      capacity,
      ...scaling,
    });
  }

  get balancerArn(): string {
    return this.serving.balancer.balancer.loadBalancerArn;
  }

  #machines({ network, accelerator = 'l4' }: GpuEndpointProps, cpus: number, memoryMb: number) {
    const { vpc, subnets } = network;
    const machines = new ManagedInstancesCapacityProvider(this, 'Machines', {
      subnets: [...subnets],
      securityGroups: [new SecurityGroup(this, 'MachineGroup', { vpc })],
      instanceRequirements: {
        vCpuCountMin: cpus,
        memoryMin: Size.mebibytes(memoryMb),
        acceleratorCountMin: 1,
        acceleratorCountMax: 1,
        acceleratorManufacturers: [AcceleratorManufacturer.NVIDIA],
        acceleratorNames: [accelerators[accelerator]],
      },
    });
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
