import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  type ContainerDefinition,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { EndpointNetwork } from './endpoint-network.ts';
import { fargateCpus } from './fargate-cpus.ts';
import type { ServerImage } from './server-image.ts';

export interface JobContainerProps {
  readonly network: EndpointNetwork;
  /** The server's image, which has all commands. */
  readonly image: ServerImage;
  /** Memory in MB: 8192, 16384, 30720, 61440 or 122880. */
  readonly memoryMb: number;
  /** URI of the models. */
  readonly models: string;
  /** URI of the data bucket. */
  readonly data: string;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/** GB: sources of some tens, and what is made of them. */
const diskGb = 200;

/** A container of ECS that does one job, in a network without a way to the internet, and is gone. It writes to no disk but `/tmp`. */
export class JobContainer extends Construct implements IGrantable {
  readonly task: FargateTaskDefinition;
  readonly definition: ContainerDefinition;
  readonly network: EndpointNetwork;
  readonly group: SecurityGroup;

  constructor(scope: Construct, id: string, props: JobContainerProps) {
    super(scope, id);
    const { network, image, memoryMb, models, data, logRetention } = props;
    this.network = network;
    this.group = new SecurityGroup(this, 'Group', { vpc: network.vpc });
    this.task = new FargateTaskDefinition(this, 'Task', {
      cpu: 1024 * (fargateCpus[memoryMb] ?? 4),
      memoryLimitMiB: memoryMb,
      ephemeralStorageGiB: diskGb,
      runtimePlatform: {
        cpuArchitecture: image.architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    const logGroup = new LogGroup(this, 'Log', {
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.definition = this.task.addContainer('Job', {
      image: image.forTask(this.task, 'cpu'),
      entryPoint: ['node', '/app/cli/tensorgate.js'],
      // Which one, the state machine says.
      command: ['jobs', 'run', '--data', data, '--models', models],
      readonlyRootFilesystem: true,
      logging: LogDrivers.awsLogs({ logGroup, streamPrefix: 'job' }),
      // Longer than it takes to end what is under way, and to say so.
      stopTimeout: Duration.seconds(60),
    });
    this.task.addVolume({ name: 'temporary' });
    this.definition.addMountPoints({ sourceVolume: 'temporary', containerPath: '/tmp', readOnly: false });
    acknowledge(this.task, {
      'AwsSolutions-IAM5[Resource::*]':
        'To log in to ECR is granted on all or none; images are read from one repository',
    });
  }

  get grantPrincipal() {
    return this.task.taskRole.grantPrincipal;
  }
}
