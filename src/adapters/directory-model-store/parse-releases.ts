import type { AliasTarget, Canary, ReleaseState, Shadow, VersionNote } from '../../ports/model-store.ts';
import { isObject } from '../../protocol/is-object.ts';
import { explainUnknownKey } from '../explain-unknown-key.ts';
import { parseSettings } from './parse-settings.ts';
import { versionFolder } from './version-folder.ts';
import { versionNotesKey } from './version-notes-key.ts';

const aliasName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

type Fields = Readonly<Record<string, unknown>>;
/** What a field has to be, in words, and whether a value is that. */
type Rule = readonly [expected: string, holds: (value: unknown) => boolean];
type Rules<T> = { readonly [name in keyof T]-?: Rule };

const version: Rule = ['a version number', (value) => Number.isSafeInteger(value) && (value as number) >= 1];
const percent: Rule = ['a number from 0 to 100', (value) => typeof value === 'number' && value >= 0 && value <= 100];
const text: Rule = ['a text', (value) => typeof value === 'string'];
const object: Rule = ['an object', isObject];
const sticky: Rule = ["'key' or 'id'", (value) => value === 'key' || value === 'id'];
const deleted: Rule = ['true', (value) => value === true];

const targetRules: Rules<AliasTarget> = {
  version,
  canary: object,
  shadow: object,
  previous: version,
  forced: text,
};
const canaryRules: Rules<Canary> = { version, percent, sticky, since: text, stopped: text };
const shadowRules: Rules<Shadow> = { version, percent };
const noteRules: Rules<VersionNote> = { deprecated: text, deprecatedAt: text, deleted };

/**
 * The text of an `aliases.json`: by alias a version, such as `{"production": 4}`, or an object with one and what else
 * there is to it, such as `{"production": {"version": 4, "canary": {"version": 5, "percent": 10}}}`; and notes of
 * versions under `$versions`. Throws an Error that callers may read.
 */
export function parseReleases(file: string): ReleaseState {
  const { [versionNotesKey]: notes = {}, ...aliases } = fields(parseSettings(file));
  const targets = Object.entries(aliases).map(([alias, target]) => {
    if (!aliasName.test(alias))
      throw new Error(`'${alias}' is no alias: expected a letter, then letters, digits, '_' and '-', 64 at most`);
    return [alias, parseTarget(target, `alias '${alias}'`)];
  });
  return { aliases: Object.fromEntries(targets), versionNotes: parseNotes(notes) };
}

function parseTarget(target: unknown, where: string): AliasTarget {
  const value = object[1](target) ? (target as Fields) : { version: target };
  if (!version[1](value.version)) throw new Error(`${where}: expected ${version[0]}, got ${JSON.stringify(target)}`);
  check(value, targetRules, ['version'], where);
  if (value.canary) check(value.canary as Fields, canaryRules, ['version', 'percent'], `${where}: canary`);
  if (value.shadow) check(value.shadow as Fields, shadowRules, ['version', 'percent'], `${where}: shadow`);
  return value as unknown as AliasTarget;
}

function parseNotes(notes: unknown): Readonly<Record<number, VersionNote>> {
  for (const [number, note] of Object.entries(fields(notes, versionNotesKey))) {
    const where = `${versionNotesKey}: '${number}'`;
    if (!versionFolder.test(number)) throw new Error(`${where}: expected a version number`);
    check(fields(note, where), noteRules, [], where);
  }
  return notes as Readonly<Record<number, VersionNote>>;
}

function fields(value: unknown, where?: string): Fields {
  if (object[1](value)) return value as Fields;
  throw new Error(`${where === undefined ? '' : `${where}: `}expected ${object[0]}, got ${JSON.stringify(value)}`);
}

function check(value: Fields, rules: Readonly<Record<string, Rule>>, required: readonly string[], where: string): void {
  for (const name of required) if (!(name in value)) throw new Error(`${where}: expected ${name} in it`);
  for (const [name, field] of Object.entries(value)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) throw new Error(`${where}: ${explainUnknownKey(name, Object.keys(rules))}`);
    if (!rule[1](field)) throw new Error(`${where}: ${name}: expected ${rule[0]}, got ${JSON.stringify(field)}`);
  }
}
