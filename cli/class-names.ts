/** The names of classes as a config.json has them; nothing where numbers are predicted. */
export function classNames(
  classes: readonly string[] | undefined,
): Readonly<Record<string, Readonly<Record<string, string | number>>>> {
  if (!classes) return {};
  return {
    id2label: Object.fromEntries(classes.map((name, place) => [place, name])),
    label2id: Object.fromEntries(classes.map((name, place) => [name, place])),
  };
}
