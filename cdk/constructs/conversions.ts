import { join } from 'node:path';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Capability, type CfnTaskDefinition, ContainerImage, LinuxParameters } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { type IChainable, type INextable, JsonPath, type State } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, IgnoreMode } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { addSealedContainer } from './add-sealed-container.ts';
import { ClosedNetwork } from './closed-network.ts';
import { fargateCpus } from './fargate-cpus.ts';
import { makeTask } from './make-task.ts';
import { runContainer } from './run-container.ts';

export interface ConversionsProps {
  /** Where sources lie, and what is made of them goes, by signed URLs alone. */
  readonly bucket: Bucket;
  /** Of a container, in MB: 8192, 16384, 30720, 61440 or 122880. */
  readonly memoryMb: number;
  /** How long the record of connections is kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/** As the containers of containers/convert are called. */
const families = ['tabular', 'torch', 'tensorflow'] as const;
/** GB: the image of PyTorch has six, and a model is there twice. */
const diskGb = 50;
/** A converter ends by itself before. */
const longest = Duration.hours(1);

/**
 * Containers that convert models of other frameworks, one image for each family. A pickle is code that runs in them:
 * there are no credentials in them, as their tasks have no role, and nowhere to go from them.
 */
export class Conversions extends Construct {
  readonly #network: ClosedNetwork;
  readonly #memoryMb: number;

  constructor(scope: Construct, id: string, { bucket, memoryMb, logRetention }: ConversionsProps) {
    super(scope, id);
    this.#network = new ClosedNetwork(this, 'Network', { bucket, logRetention });
    this.#memoryMb = memoryMb;
  }

  /**
   * What a state machine does in each family's container, by what `functions/job-begin.ts` calls it; then `judge`, also
   * where the container failed.
   */
  stepsTo(judge: State & INextable): Readonly<Record<string, IChainable>> {
    return Object.fromEntries(families.map((family) => [`convert-${family}`, this.#step(family, judge)]));
  }

  #step(family: (typeof families)[number], judge: State): IChainable {
    const id = `${family[0]?.toUpperCase()}${family.slice(1)}`;
    const step = runContainer(this, `Convert${id}`, {
      ...this.#container(id, family),
      network: this.#network,
      group: this.#network.group,
      environment: { TENSORGATE_CONVERSION: JsonPath.stringAt('$.begin.plan') },
      longest,
    });
    step.addCatch(judge, { resultPath: JsonPath.DISCARD });
    return step.next(judge);
  }

  #container(id: string, family: string) {
    // ECS itself goes by it, to fetch the image: no container can ask for its credentials.
    const role = new Role(this, `${id}Images`, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    const task = makeTask(this, id, {
      cpus: fargateCpus[this.#memoryMb] ?? 4,
      memoryMb: this.#memoryMb,
      diskGb,
      role,
    });
    // The CDK would make one that its containers may act as.
    (task.node.defaultChild as CfnTaskDefinition).addPropertyDeletionOverride('TaskRoleArn');
    const linuxParameters = new LinuxParameters(this, `${id}Linux`, { initProcessEnabled: true });
    linuxParameters.dropCapabilities(Capability.ALL);
    const definition = addSealedContainer(task, 'Convert', {
      image: ContainerImage.fromAsset(join(import.meta.dirname, '../../containers/convert'), {
        buildArgs: { FAMILY: family },
        // As Docker reads the file beside the Dockerfile.
        ignoreMode: IgnoreMode.DOCKER,
        platform: Platform.LINUX_AMD64,
      }),
      entryPoint: ['python', '/app/job.py'],
      command: ['/app/converter/convert.py'],
      linuxParameters,
    });
    acknowledge(task, {
      'AwsSolutions-ECS7': 'A log would be a way out: what a converter says goes into the bucket, and into the report',
    });
    return { task, definition };
  }
}
