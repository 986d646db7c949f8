import { AcceleratorManufacturer, AcceleratorName, type InstanceRequirementsConfig } from 'aws-cdk-lib/aws-ec2';

type Requirements = Partial<InstanceRequirementsConfig>;

/** A GPU, a part of one, or several, that a container has to itself. */
export interface Accelerator {
  /** Less than 1: a part of one. */
  readonly gpuCount: number;
  /** MB of memory that its machines have for each virtual CPU. */
  readonly megabytesPerCpu: number;
  /** What tells the machines that have it. */
  readonly machines: Requirements;
}

const whole = (name: AcceleratorName, gpuCount = 1, megabytesPerCpu = 4096): Accelerator => ({
  gpuCount,
  megabytesPerCpu,
  machines: {
    acceleratorCountMin: gpuCount,
    acceleratorCountMax: gpuCount,
    acceleratorManufacturers: [AcceleratorManufacturer.NVIDIA],
    acceleratorNames: [name],
  },
});

/** Only G6f has parts of a GPU; attributes count whole ones, so the machines are told by their family. */
const part = (gpuCount: number): Accelerator => ({
  gpuCount,
  megabytesPerCpu: 4096,
  machines: { allowedInstanceTypes: ['g6f.*'] },
});

/** The GPUs that there are, by the setting's word. */
export const accelerators = {
  l4: whole(AcceleratorName.L4),
  'l4/2': part(0.5),
  'l4/4': part(0.25),
  'l4/8': part(0.125),
  l4x4: whole(AcceleratorName.L4, 4),
  l4x8: whole(AcceleratorName.L4, 8),
  a10g: whole(AcceleratorName.A10G),
  a10gx4: whole(AcceleratorName.A10G, 4),
  a10gx8: whole(AcceleratorName.A10G, 8),
  t4: whole(AcceleratorName.T4),
  l40s: whole(AcceleratorName.L40S, 1, 8192),
  l40sx4: whole(AcceleratorName.L40S, 4, 8192),
  l40sx8: whole(AcceleratorName.L40S, 8, 8192),
} as const;
