import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  type CapacityProviderStrategy,
  type ContainerDefinition,
  LogDrivers,
  type TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { accelerators } from './accelerators.ts';
import { addGpuMachines } from './add-gpu-machines.ts';
import { addSealedContainer } from './add-sealed-container.ts';
import type { EndpointNetwork } from './endpoint-network.ts';
import { fargateCpus } from './fargate-cpus.ts';
import { makeTask } from './make-task.ts';
import type { ServerImage } from './server-image.ts';

export interface JobContainerProps {
  readonly network: EndpointNetwork;
  /** The server's image, which has all commands. */
  readonly image: ServerImage;
  /** Memory in MB; on Fargate 8192, 16384, 30720, 61440 or 122880. */
  readonly memoryMb: number;
  /** The GPU that it has to itself, or a part of one, on which it trains. @default none: it runs on Fargate */
  readonly accelerator?: keyof typeof accelerators | undefined;
  /** URI of the models. */
  readonly models: string;
  /** URI of the data bucket. */
  readonly data: string;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/** GB: sources of some tens, and what is made of them. */
const diskGb = 200;

/**
 * A container of ECS that does one job, in a network without a way to the internet, and is gone. It writes to no disk
 * but `/tmp`.
 */
export class JobContainer extends Construct implements IGrantable {
  readonly task: TaskDefinition;
  readonly definition: ContainerDefinition;
  readonly network: EndpointNetwork;
  /** The machines that it runs on; undefined on Fargate. */
  readonly capacity: CapacityProviderStrategy | undefined;
  readonly group: SecurityGroup;

  constructor(scope: Construct, id: string, props: JobContainerProps) {
    super(scope, id);
    const { network, image, memoryMb, accelerator, models, data, logRetention } = props;
    this.network = network;
    this.group = new SecurityGroup(this, 'Group', { vpc: network.vpc });
    const machines = accelerator && addGpuMachines(this, { network, accelerator, memoryMb, diskGb });
    this.capacity = machines?.capacity;
    this.task = makeTask(this, 'Task', {
      cpus: machines?.cpus ?? fargateCpus[memoryMb] ?? 4,
      memoryMb,
      isOnMachines: machines !== undefined,
      architecture: image.architecture,
      diskGb,
    });
    const logGroup = new LogGroup(this, 'Log', {
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A training that a GPU cannot do fails: it never runs on the processor unnoticed.
    const providers = machines ? ['--execution-providers', 'cuda'] : [];
    this.definition = addSealedContainer(this.task, 'Job', {
      image: image.forTask(this.task, machines ? 'cuda' : 'cpu'),
      ...(machines && { gpuCount: machines.gpuCount }),
      entryPoint: ['node', '/app/cli/tensorgate.js'],
      // Which one, the state machine says.
      command: ['jobs', 'run', '--data', data, '--models', models, ...providers],
      logging: LogDrivers.awsLogs({ logGroup, streamPrefix: 'job' }),
      // Longer than it takes to end what is under way, and to say so.
      stopTimeout: Duration.seconds(60),
    });
  }

  get grantPrincipal() {
    return this.task.taskRole.grantPrincipal;
  }
}
