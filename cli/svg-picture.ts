import { escaped } from '../src/core/escaped.ts';

export interface SvgPicture {
  readonly title: string;
  /** Where the title begins. */
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** The text of an SVG file: a title over marks, on white. */
export function svgPicture({ title, left, width, height }: SvgPicture, marks: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="${left}" y="22" font-size="15">${escaped(title)}</text>`,
    ...marks,
    '</svg>\n',
  ].join('\n');
}
