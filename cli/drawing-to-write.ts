import { extname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { fileToWrite } from './file-to-write.ts';

/** Reads the path of a drawing, in SVG, that a command is to write at its end, as `fileToWrite` does. */
export function drawingToWrite(path: string): string {
  if (['', '.svg'].includes(extname(path).toLowerCase())) return fileToWrite(path);
  throw new InvalidArgumentError('Expected a name that ends in .svg: that is what is drawn.');
}
