import { Pace } from '../../core/pace/pace.ts';

/** Bytes before it is looked at whether others are to have their turn. */
const bytesAtOnce = 65_536;

/**
 * RGB of pixels of cyan, magenta, yellow and black, without a profile: what black leaves of the light, less what an ink
 * takes of that. Others have their turn in between. Source: Pillow, src/libImaging/Convert.c, cmyk2rgb.
 */
export async function colorsOfInks(inks: Uint8Array): Promise<Uint8Array> {
  const colors = new Uint8Array((inks.length / 4) * 3);
  const pace = new Pace();
  let to = 0;
  for (let from = 0; from < inks.length; from += 4) {
    if (from % bytesAtOnce === 0 && pace.isDue) await pace.giveWay();
    const light = 255 - (inks[from + 3] as number);
    for (let ink = 0; ink < 3; ink += 1) {
      const product = (inks[from + ink] as number) * light + 128;
      colors[to++] = light - (((product >> 8) + product) >> 8);
    }
  }
  return colors;
}
