import type { Picture } from '../../ports/picture.ts';
import type { EncodedPicture } from '../tasks/flow.ts';
import type { ExplainHost } from './explain-host.ts';
import { heatMap } from './heat-map.ts';

/** A heat map as PNG, by the weights of the pixels of a picture in grey. */
export async function drawnMap(
  { encodePicture }: Pick<ExplainHost, 'encodePicture'>,
  picture: Picture,
  weights: Float64Array,
): Promise<EncodedPicture> {
  const map = heatMap(picture, weights);
  const encode = await encodePicture();
  return { image: await encode(map), width: map.width, height: map.height };
}
