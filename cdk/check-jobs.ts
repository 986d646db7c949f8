import { accelerators } from './constructs/accelerators.ts';
import { fargateCpus } from './constructs/fargate-cpus.ts';
import type { JobStageSettings } from './stage-settings.ts';

/** What is wrong with where a stage's jobs are done, each with what to write. */
export function checkJobs({
  containerMemoryMb,
  containerAccelerator: accelerator,
  architecture,
}: JobStageSettings): string[] {
  const problems: string[] = [];
  if (accelerator === undefined) {
    if (containerMemoryMb !== undefined && !(containerMemoryMb in fargateCpus))
      problems.push(
        `has containerMemoryMb ${containerMemoryMb}, which Fargate does not: write one of ${Object.keys(fargateCpus).join(', ')}`,
      );
  } else {
    if (containerMemoryMb === undefined)
      problems.push('has a containerAccelerator and no container: write containerMemoryMb too, such as 14336');
    if (accelerators[accelerator].gpuCount > 1)
      problems.push(`has the containerAccelerator '${accelerator}', several GPUs, and a job takes one: write one GPU`);
    if (architecture === 'arm64')
      problems.push(
        "has the architecture 'arm64', which the image for GPUs is not for: leave it or containerAccelerator out",
      );
  }
  return problems.map((problem) => `jobs ${problem}`);
}
