import type { ContainerDefinition, ContainerDefinitionOptions, TaskDefinition } from 'aws-cdk-lib/aws-ecs';

/** Adds a container to a task that writes to no disk but `/tmp`, and what else it is given by the name of a volume. */
export function addSealedContainer(
  task: TaskDefinition,
  id: string,
  options: ContainerDefinitionOptions,
  more: Readonly<Record<string, string>> = {},
): ContainerDefinition {
  const container = task.addContainer(id, { ...options, readonlyRootFilesystem: true });
  for (const [name, containerPath] of Object.entries({ temporary: '/tmp', ...more })) {
    task.addVolume({ name });
    container.addMountPoints({ sourceVolume: name, containerPath, readOnly: false });
  }
  return container;
}
