/** A loss in a graph. */
export interface AddedLoss {
  /** A scalar. */
  readonly loss: string;
  /** Its gradient by the prediction. */
  readonly gradient: string;
}
