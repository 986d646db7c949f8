import { askedName } from './asked-name.ts';

/** The model that a path names, as whoever asked for it wrote it; undefined where it names none. */
export function modelInPath(path: string): string | undefined {
  const [, segment] = /\/v2\/(?:repository\/)?models\/([^/]+)/.exec(path) ?? [];
  // That of all models.
  if (segment === undefined || segment === 'stats') return undefined;
  try {
    return askedName(decodeURIComponent(segment));
  } catch {
    return askedName(segment);
  }
}
