import type { FileDecoders } from '../../ports/file-decoders.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import type { ModelSignature } from '../model-version.ts';

/** What steps know of the model that they are for, and of the host. */
export interface TaskModel {
  readonly signature: ModelSignature;
  readonly decoders: FileDecoders;
  readonly limits: DecodeLimits;
}
