import type { StageSettings } from './stage-settings.ts';

/** The deployments there can be: `-c stage=dev`, `-c stage=prod`. `stage-settings.ts` says what each setting means. */
export const stages: Readonly<Record<string, StageSettings>> = {
  dev: {
    endpoints: [{ name: 'Default', memoryMb: 1769 }],
    auth: 'both',
    usagePlans: [
      { name: 'Standard', rateLimit: 20, burstLimit: 40, quota: 100_000, quotaPeriod: 'MONTH', keys: ['Default'] },
    ],
    rateLimit: 50,
    burstLimit: 100,
    batch: { maxConcurrency: 10 },
    jobs: {},
    preparation: {},
    logRetentionDays: 7,
  },
  prod: {
    endpoints: [{ name: 'Default', memoryMb: 3538, temporaryStorageMb: 4096 }],
    auth: 'both',
    usagePlans: [
      { name: 'Standard', rateLimit: 50, burstLimit: 100, quota: 1_000_000, quotaPeriod: 'MONTH', keys: ['Default'] },
    ],
    rateLimit: 500,
    burstLimit: 1000,
    batch: { memoryMb: 3538 },
    preparation: {},
    firewall: { requestsPerFiveMinutes: 10_000 },
    encryption: 'kms',
    oldVersionDays: 90,
    logRetentionDays: 90,
    terminationProtection: true,
  },
};
