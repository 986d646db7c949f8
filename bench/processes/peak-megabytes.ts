import { readFileSync } from 'node:fs';

/** The most memory that a process had at any time since it began, in MB. Throws where the system does not say. */
export function peakMegabytes(pid: number): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kibibytes) * 1024) / 1e6;
}
