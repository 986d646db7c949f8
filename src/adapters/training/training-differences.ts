import { jsonIn } from '../../protocol/json-in.ts';

/** In what two trainings differ, by what each is called by (`trainingId`); undefined where they are the same. */
export function trainingDifferences(id: string, other: string): string | undefined {
  if (id === other) return undefined;
  const [parts, others] = [id, other].map((text) => Object(jsonIn(text)) as Readonly<Record<string, string>>);
  const names = new Set([...Object.keys(parts ?? {}), ...Object.keys(others ?? {})]);
  return [...names].filter((name) => parts?.[name] !== others?.[name]).join(', ');
}
