import type { ConversionFamily } from '../factory/convert/conversion-family.ts';

/**
 * What a container without credentials converts: its files by signed URLs. `conversion.json` among the files of a job;
 * containers/convert/job.py reads it.
 */
export interface ConversionPlan {
  /** The file or folder among `inputs`. */
  readonly source: string;
  /** Samples to answer, among `inputs`. */
  readonly samples?: string;
  readonly seed: number;
  /** By path, what is read. */
  readonly inputs: Readonly<Record<string, string>>;
  /** By name, where what comes of it is stored. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Where it says how it ended: a ConversionEnd. */
  readonly ended: string;
}

/** How a conversion ended. */
export interface ConversionEnd {
  /** Of the converter: 0 where there is a model. */
  readonly status: number;
  /** The end of what it said. */
  readonly said: string;
}

/** A conversion that a container may begin. */
export interface PlannedConversion {
  readonly family: ConversionFamily;
  /** By which the plan is read. */
  readonly url: string;
}

export const planFile = 'conversion.json';
/** What came of it: its files, and `ended.json`. */
export const convertedFolder = 'converted/';
export const endedFile = 'ended.json';
