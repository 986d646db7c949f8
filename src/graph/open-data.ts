import type { RandomAccess } from '../ports/random-access.ts';

/** Opens a file beside the model, by the location that a tensor names. Refuses one outside the model's folder. */
export type OpenData = (location: string) => Promise<RandomAccess>;
