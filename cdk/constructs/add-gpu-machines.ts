import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { type CapacityProviderStrategy, ManagedInstancesCapacityProvider } from 'aws-cdk-lib/aws-ecs';
import { Aws, type CfnResource, Names, Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { accelerators } from './accelerators.ts';
import { acknowledge } from './acknowledge.ts';
import type { EndpointNetwork } from './endpoint-network.ts';

export interface GpuMachinesProps {
  readonly network: EndpointNetwork;
  /** The GPU that a container has to itself. */
  readonly accelerator: keyof typeof accelerators;
  /** Memory of a container in MB. */
  readonly memoryMb: number;
  /** GB of a machine's disk for images and the files of containers. */
  readonly diskGb: number;
}

/** Machines with an NVIDIA GPU for containers of a size. */
export interface GpuMachines {
  readonly gpuCount: number;
  /** Virtual CPUs that come with the memory. */
  readonly cpus: number;
  /** What has a task, or a service, run on them. */
  readonly capacity: CapacityProviderStrategy;
}

/**
 * Adds machines with a GPU to the cluster of a network, which ECS starts where containers need them, patches and ends.
 */
export function addGpuMachines(
  scope: Construct,
  { network: { vpc, subnets, cluster }, accelerator, memoryMb, diskGb }: GpuMachinesProps,
): GpuMachines {
  const { gpuCount, megabytesPerCpu, machines } = accelerators[accelerator];
  const cpus = Math.ceil(memoryMb / megabytesPerCpu);
  const provider = new ManagedInstancesCapacityProvider(scope, 'Machines', {
    subnets: [...subnets],
    securityGroups: [new SecurityGroup(scope, 'MachineGroup', { vpc })],
    instanceRequirements: { vCpuCountMin: cpus, memoryMin: Size.mebibytes(memoryMb), ...machines },
    taskVolumeStorage: Size.gibibytes(diskGb),
  });
  nameByRegion(provider);
  cluster.addManagedInstancesCapacityProvider(provider);
  const policy = 'AmazonECSInfrastructureRolePolicyForManagedInstances';
  acknowledge(provider, {
    [`AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`]:
      'The policy that AWS maintains for this, and by which ECS starts and ends machines of its own alone',
  });
  const joining = 'What a machine needs to join ECS, as the CDK writes it: ECS gives it no name before';
  acknowledge(provider, {
    'AwsSolutions-IAM5[Resource::*]': joining,
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:container-instance/*]':
      joining,
  });
  return { gpuCount, cpus, capacity: { capacityProvider: provider.capacityProviderName, weight: 1 } };
}

/**
 * The role of the machines has a name, since ECS may hand on none but those that begin in this way, and names of roles are the
 * account's: the CDK's would be taken already where the same stage is in another region.
 */
function nameByRegion(provider: ManagedInstancesCapacityProvider): void {
  const name = `ecsInstanceRole${Names.uniqueResourceName(provider, { maxLength: 32 })}-${Aws.REGION}`;
  const child = (id: string) => provider.node.findChild(id).node.defaultChild as CfnResource;
  child('InstanceRole').addPropertyOverride('RoleName', name);
  child('InstanceProfile').addPropertyOverride('InstanceProfileName', name);
}
