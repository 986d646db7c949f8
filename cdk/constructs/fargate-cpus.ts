/** Virtual CPUs that Fargate has with so much memory, in MB. */
export const fargateCpus: Readonly<Record<number, number>> = { 8192: 2, 16384: 4, 30720: 4, 61440: 8, 122880: 16 };
