/**
 * The names of classes as a config.json has them; nothing where numbers are predicted.
 *
 * @param hasLabels an item may be of any number of them
 */
export function classNames(
  classes: readonly string[] | undefined,
  hasLabels: boolean,
): Readonly<Record<string, unknown>> {
  if (!classes) return {};
  return {
    ...(hasLabels && { problem_type: 'multi_label_classification' }),
    id2label: Object.fromEntries(classes.map((name, place) => [place, name])),
    label2id: Object.fromEntries(classes.map((name, place) => [name, place])),
  };
}
