/** Maps of a layer, and the gradient of a score by them: [1, maps, height, width]. */
export interface LayerMaps {
  readonly shape: readonly number[];
  readonly maps: Float32Array;
  readonly gradient: Float32Array;
}

/** How much each place of a layer speaks for a score, from 0 on. */
export interface ClassMap {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
}

/**
 * The maps of a layer, each by the mean of its gradient, together; what is negative is left out.
 *
 * Source: Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", 2017,
 * equations 1 and 2.
 */
export function gradCam({ shape, maps, gradient }: LayerMaps): ClassMap {
  const [, count = 1, height = 1, width = 1] = shape;
  const plane = width * height;
  const values = new Float64Array(plane);
  for (let map = 0; map < count; map += 1) {
    let sum = 0;
    for (let at = map * plane; at < (map + 1) * plane; at += 1) sum += gradient[at] as number;
    const weight = sum / plane;
    for (let at = 0; at < plane; at += 1)
      values[at] = (values[at] as number) + weight * (maps[map * plane + at] as number);
  }
  return { width, height, values: values.map((value) => Math.max(0, value)) };
}
