import {
  Compatibility,
  CpuArchitecture,
  FargateTaskDefinition,
  NetworkMode,
  OperatingSystemFamily,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface TaskProps {
  /** Virtual CPUs. */
  readonly cpus: number;
  /** Memory in MB. */
  readonly memoryMb: number;
  /** Whether it runs on machines of the account's own. @default false: on Fargate */
  readonly isOnMachines?: boolean | undefined;
  /** Processors of Fargate. @default 'x86_64' */
  readonly architecture?: 'x86_64' | 'arm64' | undefined;
  /** GB of disk of Fargate. @default 20 */
  readonly diskGb?: number | undefined;
  /** By which ECS fetches the image, and what runs acts. @default one of its own for each */
  readonly role?: IRole | undefined;
}

/** Makes a task of ECS, without its container. */
export function makeTask(scope: Construct, id: string, props: TaskProps): TaskDefinition {
  const { cpus, memoryMb, isOnMachines, architecture, diskGb, role } = props;
  const roles = role && { executionRole: role, taskRole: role };
  const task = isOnMachines
    ? new TaskDefinition(scope, id, {
        compatibility: Compatibility.MANAGED_INSTANCES,
        networkMode: NetworkMode.AWS_VPC,
        cpu: String(cpus * 1024),
        memoryMiB: String(memoryMb),
        ...roles,
      })
    : new FargateTaskDefinition(scope, id, {
        cpu: cpus * 1024,
        memoryLimitMiB: memoryMb,
        ...(diskGb && { ephemeralStorageGiB: diskGb }),
        runtimePlatform: {
          cpuArchitecture: architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
          operatingSystemFamily: OperatingSystemFamily.LINUX,
        },
        ...roles,
      });
  acknowledge(role ?? task, {
    'AwsSolutions-IAM5[Resource::*]': 'To log in to ECR is granted on all or none; images are read from one repository',
  });
  return task;
}
