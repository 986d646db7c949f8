import type Sharp from 'sharp';

const loaders = ['Jpeg', 'Png', 'Webp'].map((format) => `VipsForeignLoad${format}Buffer`);

let opened: Promise<typeof Sharp> | undefined;

/** The library that reads and writes pictures, set up once: it reads three formats and no files, and keeps nothing. */
export function openSharp(): Promise<typeof Sharp> {
  opened ??= import('sharp').then(({ default: sharp }) => {
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: loaders });
    sharp.cache(false);
    // Pictures are decoded side by side, each on one thread.
    sharp.concurrency(1);
    return sharp;
  });
  return opened;
}
