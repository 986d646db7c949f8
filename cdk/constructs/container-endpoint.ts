import type { Construct } from 'constructs';
import { addServer } from './add-server.ts';
import { BalancedEndpoint, type BalancedEndpointProps } from './balanced-endpoint.ts';
import { InferenceService } from './inference-service.ts';
import { makeTask } from './make-task.ts';
import { serverChoices } from './server-choices.ts';
import { ServerImage } from './server-image.ts';

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

  constructor(scope: Construct, id: string, props: ContainerEndpointProps) {
    super(scope, id, props);
    const { models, network, certificateArn, image = ServerImage.built(), cpus = 2, memoryMb = 4096 } = props;
    const task = makeTask(this, 'Task', { cpus, memoryMb, architecture: image.architecture });
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
