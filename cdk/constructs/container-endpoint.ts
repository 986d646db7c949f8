import type { Construct } from 'constructs';
import { addServer } from './add-server.ts';
import { BalancedEndpoint, type BalancedEndpointProps } from './balanced-endpoint.ts';
import { InferenceService } from './inference-service.ts';
import { makeTask } from './make-task.ts';
import { diskGb } from './model-room.ts';
import { serverChoices } from './server-choices.ts';
import { ServerImage } from './server-image.ts';

/** Fargate has 20, and takes no wish for less than this. */
const leastDiskGb = 21;

export interface ContainerEndpointProps extends BalancedEndpointProps {
  /** The server's image. @default ServerImage.built(): from containers/inference when the stack is deployed */
  readonly image?: ServerImage | undefined;
  /** Virtual CPUs. @default 2 */
  readonly cpus?: number | undefined;
  /** Memory in MB. @default 4096 */
  readonly memoryMb?: number | undefined;
}

/**
 * The server on Fargate: for models that outgrow Lambda, or have steady traffic.
 *
 * @example
 * const vision = new ContainerEndpoint(this, 'Vision', { models: models.select({ modelNames: ['resnet'] }), network, domainName, certificateArn });
 * vision.scale({ maxContainers: 4 });
 * api.routeTo(vision);
 */
export class ContainerEndpoint extends BalancedEndpoint {
  readonly serving: InferenceService;
  readonly answersTasks = true;

  constructor(scope: Construct, id: string, props: ContainerEndpointProps) {
    super(scope, id, props);
    const { models, network, certificateArn, image = ServerImage.built(), cpus = 2, memoryMb = 4096 } = props;
    const { architecture } = image;
    const task = makeTask(this, 'Task', { cpus, memoryMb, architecture, diskGb: diskGb(memoryMb, leastDiskGb) });
    const load = addServer(task, {
      image: image.forTask(this, 'cpu'),
      models,
      memoryMb,
      ...serverChoices(props),
      logRetention: network.logRetention,
    });
    this.serving = new InferenceService(this, 'Serving', { network, task, certificateArn, load });
  }
}
