import { isObject } from '../../../protocol/is-object.ts';
import { jsonIn } from '../../../protocol/json-in.ts';
import type { ConverterReport } from './converter-report.ts';

/** Reads a `report.json`. Throws an Error that names what is wrong with it: what wrote it ran somebody's code. */
export function parseConverterReport(text: string): ConverterReport {
  const report = Object(jsonIn(text)) as Readonly<Record<string, unknown>>;
  const { framework, kind, madeWith, versions, inputs, drawn, seed } = report;
  if (report.reportVersion !== 1) throw wrong('reportVersion', '1', report.reportVersion);
  if (!isText(framework)) throw wrong('framework', 'a text', framework);
  if (!isText(kind)) throw wrong('kind', 'a text', kind);
  if (!isRecordOf(madeWith, isText)) throw wrong('madeWith', 'versions by package', madeWith);
  if (!isRecordOf(versions, isText)) throw wrong('versions', 'versions by package', versions);
  if (!isRecordOf(inputs, isShape)) throw wrong('inputs', 'shapes by name', inputs);
  if (typeof drawn !== 'boolean') throw wrong('drawn', 'true or false', drawn);
  if (seed !== undefined && !Number.isSafeInteger(seed)) throw wrong('seed', 'a whole number', seed);
  const seeded = seed === undefined ? {} : { seed: seed as number };
  return { framework, kind, madeWith, versions, inputs, drawn, ...seeded };
}

const longestText = 1000;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestText;
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= -1);
}

function isRecordOf<T>(value: unknown, holds: (item: unknown) => item is T): value is Readonly<Record<string, T>> {
  return isObject(value) && Object.values(value).every(holds);
}

function wrong(field: string, expected: string, got: unknown): Error {
  return new Error(`report.json: '${field}' is to be ${expected}, got ${JSON.stringify(got)?.slice(0, 80)}`);
}
