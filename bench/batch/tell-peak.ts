import { writeSync } from 'node:fs';
import { peakMegabytes } from '../processes/peak-megabytes.ts';

// Loaded before a program of ours, tells the most memory that it had when it ends.
process.once('exit', () => writeSync(1, `peak ${peakMegabytes(process.pid)}\n`));
