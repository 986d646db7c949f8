const GB = 1024 ** 3;
/** Of the process itself, and of each byte of model files: as functions/read-environment.ts reckons. */
const processBytes = 160 * 1024 ** 2;
const bytesOfModel = 2.2;
/** A vCPU comes with each of so many. Source: AWS, "Configure Lambda function memory". */
const gigabytesOfCpu = 1769 / 1024;

/**
 * Memory of a function of AWS Lambda that holds a model of so many bytes of files, and runs it in so many threads: at
 * least 128 MB.
 */
export function functionGigabytes(modelBytes: number, threads: number): number {
  const held = (processBytes + bytesOfModel * modelBytes) / GB;
  return Math.max(0.125, held, threads * gigabytesOfCpu);
}
