import type { TensorSpec } from '../protocol/tensor-spec.ts';
import type { Making } from './making.ts';

/** What `manifest.json` says of a version: what it is made of, what it takes and gives, and where it came from. */
export interface VersionManifest {
  /** Of this form of a manifest. */
  readonly manifestVersion: 1;
  readonly model: string;
  readonly version: number;
  /** All files but the manifest itself and signatures of it, by their path in the version's folder. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  /** Of all these. */
  readonly bytes: number;
  /** Domain → version; ONNX's own is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Who stored it, and when, as ISO 8601. */
  readonly by: string;
  readonly at: string;
  readonly source: {
    /** Of the folder that it was pushed from. */
    readonly gitCommit?: string;
    /** Files there differed from the commit. */
    readonly gitChanged?: true;
    readonly trainingJob?: string;
  };
  /** Such as accuracy on a test set. */
  readonly metrics?: Readonly<Record<string, unknown>>;
  readonly licence?: string;
  /** A model card, as text. */
  readonly notes?: string;
  /** Where it was made from another model. */
  readonly made?: Making;
}
