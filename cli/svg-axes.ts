/** Where a plot lies in a picture. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The two lines of a plot in SVG. */
export function svgAxes({ left, right, top, bottom }: Plot): string {
  return `<path d="M${left} ${top}V${bottom}H${right}" fill="none" stroke="black"/>`;
}
