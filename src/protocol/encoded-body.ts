/** A body in the order it is sent; `jsonBytes`, where there are binary tensors, is how long the JSON before them is. */
export interface EncodedBody {
  readonly chunks: Uint8Array[];
  readonly jsonBytes: number | undefined;
}
