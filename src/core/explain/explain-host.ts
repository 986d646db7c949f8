import type { Picture } from '../../ports/picture.ts';
import type { DataPlane } from '../data-plane.ts';
import type { GradientCache } from './gradient-cache.ts';
import type { TypicalCache } from './typical-cache.ts';

/** Hears on how many rows an explanation has run the model, of the most that it will. */
export type EvaluationsObserver = (evaluations: number, most: number) => void;

/** What explanations take of a service. */
export interface ExplainHost {
  readonly dataPlane: DataPlane;
  /** What writes a picture as PNG, in base64; loaded as the first picture is explained. */
  readonly encodePicture: () => Promise<(picture: Picture) => Promise<string>>;
  readonly gradients: GradientCache;
  readonly typical: TypicalCache;
  /** @default nobody hears of it */
  readonly onEvaluations?: EvaluationsObserver | undefined;
}
