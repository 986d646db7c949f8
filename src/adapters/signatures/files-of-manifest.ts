/** What is said of one file of a version. */
export interface ManifestEntry {
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** The files that a version's manifest names, by their path in its folder: all but the manifest itself. */
export type ManifestFiles = ReadonlyMap<string, ManifestEntry>;

/** Reads what a manifest says of files. Throws an Error that says what is wrong with it. */
export function filesOfManifest(text: string): ManifestFiles {
  const { files } = parsed(text) as { files?: Record<string, Partial<ManifestEntry>> };
  if (typeof files !== 'object' || files === null) throw new Error('manifest.json names no files');
  return new Map(
    Object.entries(files).map(([file, { bytes, sha256 }]) => {
      if (typeof bytes === 'number' && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256))
        return [file, { bytes, sha256 }];
      throw new Error(`manifest.json: '${file}': expected bytes and sha256, in 64 hexadecimal digits`);
    }),
  );
}

function parsed(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch (cause) {
    throw new Error('manifest.json is no JSON', { cause });
  }
}
