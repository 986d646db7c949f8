import type { Picture } from '../../ports/picture.ts';
import type { EncodedPicture } from '../tasks/flow.ts';
import type { ExplainHost } from './explain-host.ts';
import { heatMap } from './heat-map.ts';

/** A heat map as PNG. */
export async function drawnMap(
  { encodePicture }: Pick<ExplainHost, 'encodePicture'>,
  picture: Picture,
  weightAt: Parameters<typeof heatMap>[1],
): Promise<EncodedPicture> {
  const map = heatMap(picture, weightAt);
  const encode = await encodePicture();
  return { image: await encode(map), width: map.width, height: map.height };
}
