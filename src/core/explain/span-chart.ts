/** A part of a sound, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly weight: number;
}

const [width, height] = [740, 180];
const [left, top, bottom] = [70, 10, 30];
const [forIt, against] = ['#d55e00', '#0072b2'];

/** Weights of the spans of a sound over its time, upwards what speaks for the target: the text of an SVG file. */
export function spanChart(spans: readonly Span[]): string {
  const most = Math.max(...spans.map(({ weight }) => Math.abs(weight)), Number.MIN_VALUE);
  const seconds = spans.at(-1)?.end ?? 0;
  const place = (at: number) => left + (seconds > 0 ? at / seconds : 0) * (width - left - 20);
  const half = (height - top - bottom) / 2;
  const middle = top + half;
  const told = Number(most.toPrecision(3));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    '<title>When the sound speaks for the answer, and when against it</title>',
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...spans.map(({ start, end, weight }) => {
      const [x, length] = [place(start), (Math.abs(weight) / most) * half];
      const y = weight < 0 ? middle : middle - length;
      return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(place(end) - x).toFixed(1)}" height="${length.toFixed(1)}" fill="${weight < 0 ? against : forIt}"/>`;
    }),
    `<path d="M${left} ${middle}H${width - 20}" stroke="black"/>`,
    ...[
      [told, top + 10],
      [0, middle + 4],
      [-told, middle + half],
    ].map(([text, y]) => `<text x="${left - 8}" y="${y}" text-anchor="end">${text}</text>`),
    ...[0, seconds / 2, seconds].map(
      (at) =>
        `<text x="${place(at).toFixed(1)}" y="${height - 8}" text-anchor="middle">${Number(at.toPrecision(3))} s</text>`,
    ),
    '</svg>\n',
  ].join('\n');
}
