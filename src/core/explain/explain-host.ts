import type { Picture } from '../../ports/picture.ts';
import type { DataPlane } from '../data-plane.ts';
import type { GradientCache } from './gradient-cache.ts';
import type { TypicalCache } from './typical-cache.ts';

/** What explanations take of a service. */
export interface ExplainHost {
  readonly dataPlane: DataPlane;
  /** What writes a picture as PNG, in base64; loaded as the first picture is explained. */
  readonly encodePicture: () => Promise<(picture: Picture) => Promise<string>>;
  readonly gradients: GradientCache;
  readonly typical: TypicalCache;
}
