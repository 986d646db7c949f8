/** The mean loss of a pass over all rows. */
export interface EpochLoss {
  /** From 1. */
  readonly epoch: number;
  /** Of the rows that are trained with, each before the step that it is in. */
  readonly loss: number;
  /** Of the rows that are not, after the pass. */
  readonly validationLoss?: number;
}
