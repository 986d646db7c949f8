import { extname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { fileToWrite } from './file-to-write.ts';

/** Reads the path of a drawing, in SVG, that a command is to write at its end, as `fileToWrite` does. */
export function drawingToWrite(path: string): string {
  const file = fileToWrite(path);
  if (extname(file).toLowerCase() === '.svg') return file;
  throw new InvalidArgumentError('Expected a name that ends in .svg: that is what is drawn.');
}
