import { AcceleratorManufacturer, AcceleratorName, type InstanceRequirementsConfig } from 'aws-cdk-lib/aws-ec2';

type Requirements = Partial<InstanceRequirementsConfig>;

/** A GPU, or a part of one, that a container has to itself. */
export interface Accelerator {
  /** Of a GPU: 1 or less. */
  readonly gpuCount: number;
  /** MB of memory that its machines have for each virtual CPU. */
  readonly megabytesPerCpu: number;
  /** What tells the machines that have it. */
  readonly machines: Requirements;
}

const whole = (name: AcceleratorName, megabytesPerCpu = 4096): Accelerator => ({
  gpuCount: 1,
  megabytesPerCpu,
  machines: {
    acceleratorCountMin: 1,
    acceleratorCountMax: 1,
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
  a10g: whole(AcceleratorName.A10G),
  t4: whole(AcceleratorName.T4),
  l40s: whole(AcceleratorName.L40S, 8192),
} as const;
