/** MB of model files that may be loaded: weights take up to 2.2 times their size in memory, and the server its part. */
export function modelMb(memoryMb: number): number {
  return Math.floor((memoryMb - 512) / 2.2);
}

/** GB of disk for an image, for the models that fit into the memory, and for as many that are to take their place. */
export function diskGb(memoryMb: number, leastGb: number): number {
  return Math.max(leastGb, 8 + Math.ceil((2 * modelMb(memoryMb)) / 1024));
}
