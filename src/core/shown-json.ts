const mostItems = 20;
const mostCharacters = 100;

/** The beginning of a value as JSON, for messages; of a long one no more is written than is shown. */
export function shownJson(value: unknown): string {
  const text = JSON.stringify(value, shortened) ?? 'nothing';
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}

function shortened(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, mostCharacters);
  if (Array.isArray(value)) return value.slice(0, mostItems);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).slice(0, mostItems));
}
