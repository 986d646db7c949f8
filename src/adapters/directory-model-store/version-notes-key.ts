/** Where `aliases.json` has what became of versions: no alias begins with such a sign. */
export const versionNotesKey = '$versions';
