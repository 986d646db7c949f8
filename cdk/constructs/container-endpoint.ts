import { type Cluster, CpuArchitecture, FargateTaskDefinition, OperatingSystemFamily } from 'aws-cdk-lib/aws-ecs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { addServer } from './add-server.ts';
import type { EndpointNetwork } from './endpoint-network.ts';
import { InferenceService } from './inference-service.ts';
import type { ModelSource } from './model-source.ts';
import type { RoutedEndpoint } from './routed-endpoint.ts';
import { serverImage } from './server-image.ts';

export interface ContainerEndpointProps {
  /** The models to serve, by name: what the `select` of a `ModelBucket` gives. */
  readonly models: ModelSource;
  readonly network: EndpointNetwork;
  readonly cluster: Cluster;
  /** Name that the certificate is for. */
  readonly domainName: string;
  /** Certificate of ACM for the name. */
  readonly certificateArn: string;
  /** Image in ECR. @default built from containers/inference when the stack is deployed */
  readonly image?: string | undefined;
  /** @default 'x86_64' */
  readonly architecture?: 'x86_64' | 'arm64' | undefined;
  /** Virtual CPUs. @default 2 */
  readonly cpus?: number | undefined;
  /** Memory in MB. @default 4096 */
  readonly memoryMb?: number | undefined;
  /** How many containers, and when there are more. @default 1 */
  readonly scaling?: EndpointScaling | undefined;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

export interface EndpointScaling {
  readonly minContainers?: number | undefined;
  readonly maxContainers?: number | undefined;
  readonly queueTargetMs?: number | undefined;
}

/**
 * The server on Fargate: for models that outgrow Lambda, or have steady traffic. It has its models loaded before it takes requests.
 *
 * @example
 * const vision = new ContainerEndpoint(this, 'Vision', { models: models.select({ modelNames: ['resnet'] }), network, cluster, domainName, certificateArn });
 * api.routeTo(vision);
 */
export class ContainerEndpoint extends Construct implements RoutedEndpoint {
  readonly models: ModelSource;
  readonly network: EndpointNetwork;
  readonly domainName: string;
  readonly serving: InferenceService;

  constructor(scope: Construct, id: string, props: ContainerEndpointProps) {
    super(scope, id);
    const { architecture = 'x86_64', cpus = 2, memoryMb = 4096, scaling } = props;
    this.models = props.models;
    this.network = props.network;
    this.domainName = props.domainName;
    const task = new FargateTaskDefinition(this, 'Task', {
      cpu: cpus * 1024,
      memoryLimitMiB: memoryMb,
      runtimePlatform: {
        cpuArchitecture: architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    const { queueMs } = addServer(task, {
      image: serverImage(this, { image: props.image, target: 'cpu', architecture }),
      models: props.models,
      memoryMb,
      logRetention: props.logRetention,
    });
    const { network, cluster, certificateArn } = props;
    this.serving = new InferenceService(this, 'Serving', {
      network,
      cluster,
      task,
      certificateArn,
      queueMs,
      ...scaling,
    });
  }

  get balancerArn(): string {
    return this.serving.balancer.balancer.loadBalancerArn;
  }
}
