import type { Picture } from '../../ports/picture.ts';
import type { DataPlane } from '../data-plane.ts';
import type { GradientCache } from './gradient-cache.ts';

/** What explanations take of a service. */
export interface ExplainHost {
  readonly dataPlane: DataPlane;
  /** What writes a picture as PNG, in base64; loaded as the first picture is explained. */
  readonly encodePicture: () => Promise<(picture: Picture) => Promise<string>>;
  readonly gradients: GradientCache;
  /** The text of a version's samples.jsonl; undefined where it has none. */
  readonly readSamples: (name: string, version: number) => Promise<string | undefined>;
}
