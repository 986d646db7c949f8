import type { Manifest } from './manifest.ts';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isSize: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isList =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const hasAll =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(checks).every(([key, check]) => check((value as Record<string, unknown>)[key]));

const isManifest = hasAll({
  format: (value) => value === 2,
  whyNot: isText,
  operators: isList(isText),
  mixesRows: isText,
  answer: hasAll({
    values: (value) => value === 'random' || value === 'zeros',
    inputs: isList(hasAll({ name: isText, shape: isList(isSize) })),
    outputs: isList(
      hasAll({
        name: isText,
        shape: isList(isSize),
        elements: isList((value) => isText(value) || typeof value === 'number'),
      }),
    ),
  }),
});

/** Reads what a prepared form says of itself. Throws an Error where it is none. */
export function parseManifest(text: string): Manifest {
  const value: unknown = JSON.parse(text);
  if (!isManifest(value)) throw new Error('expected a manifest of format 2');
  return value as Manifest;
}
