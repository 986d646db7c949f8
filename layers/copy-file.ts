import { chmodSync, copyFileSync, mkdirSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';

/** Copies a file with its folder, and the mode and time that every build gives it: the same files are the same archive. */
export function copyFile(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(source, target);
  chmodSync(target, 0o644);
  utimesSync(target, 0, 0);
}
