/** The name of the manifest among a version's files: what `push` says of the others. */
export const versionManifestFile = 'manifest.json';
