import { readObject } from '../src/core/hugging-face/read-object.ts';
import type { ModelStore } from '../src/ports/model-store.ts';

/**
 * What to note of a version that takes other columns than the one before it, or tells other things: it may have been
 * meant for a model of its own. Undefined where there is no such difference, or it is not known what one of them takes.
 */
export async function otherThanBefore(store: ModelStore, name: string, version: number): Promise<string | undefined> {
  const found = await store.find(name);
  const before = found?.versions.filter((each) => each < version).at(-1);
  if (before === undefined) return undefined;
  const read = (each: number) =>
    readObject((file) => store.readText(name, each, file), 'config.json').catch(() => undefined);
  const [then, now] = [await read(before), await read(version)];
  if (!then || !now) return undefined;
  const others = [
    ...(isSame(then.columns, now.columns) ? [] : ['columns']),
    ...(isSame(answersIn(then), answersIn(now)) ? [] : ['answers']),
  ];
  if (others.length === 0) return undefined;
  return `version ${version} has other ${others.join(' and ')} than version ${before} of '${name}', whose callers may count on these: another model has a name of its own (--name)`;
}

/** The classes, however they are ordered; without any a number. */
function answersIn({ id2label }: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.values(Object(id2label)).map(String).toSorted();
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
