import { type Command, InvalidArgumentError } from 'commander';
import type { KeyEntry, Policy } from '../src/adapters/api-keys/key-entry.ts';
import { type Action, actions } from '../src/ports/authorize.ts';
import { timeOption } from './time-option.ts';

const modelNames = /^(\*|[A-Za-z0-9][A-Za-z0-9._-]{0,127}\*?)$/;

/** What the options of `withPolicyOptions` are parsed to; none: without such a limit. */
export interface PolicyOptions {
  readonly models?: readonly string[];
  readonly actions?: readonly Action[];
  readonly rate?: NonNullable<Policy['rate']> | 'none';
  readonly quota?: NonNullable<Policy['quota']> | 'none';
  readonly dailyCost?: number | 'none';
  readonly expires?: string;
}

/** The options that say what a key or principal may do; what `otherwise` says holds without one of the first two. */
export function withPolicyOptions(command: Command, otherwise: { models: string; actions: string }): Command {
  return command
    .option(
      '--models <names>',
      `the models that it is good for, such as a,team-*, or * for all; ${otherwise.models} without it`,
      words,
    )
    .option(
      '--actions <names>',
      `what it is good for, of ${actions.join(', ')}; ${otherwise.actions} without it`,
      actionWords,
    )
    .option(
      '--rate <number>',
      'with --file: requests a second, such as 5, or 5:20 with up to 20 at once, or none; on AWS the plan has it',
      orNone(rate),
    )
    .option('--quota <number>', 'inferences in a day or month of UTC, such as 1000/day, or none', orNone(quota))
    .option(
      '--daily-cost <dollars>',
      'USD that its inferences of a day of UTC may cost, about, or none',
      orNone(dollars),
    )
    .option(
      '--expires <day>',
      'it is no longer good from this day of UTC on, such as 2027-01-31, or from this time on, such as 2027-01-31T12:00:00Z; or none',
      orNone(expiry),
    );
}

/** The policy of a key that is named so; undefined where no option says anything. */
export function policyOf(name: string, options: PolicyOptions): Policy | undefined {
  const said = Object.entries(given(options)).filter(([, value]) => value !== 'none');
  return said.length === 0 ? undefined : { name, ...Object.fromEntries(said) };
}

/** An entry in which the options hold that were given, and all else is as it was; undefined where none was. */
export function changedBy(options: PolicyOptions): ((before: KeyEntry) => KeyEntry) | undefined {
  const said = given(options);
  if (Object.keys(said).length === 0) return undefined;
  return (before) => {
    const after = Object.entries({ ...before, ...said }).filter(([, value]) => value !== 'none');
    return Object.fromEntries(after) as unknown as KeyEntry;
  };
}

function given({ models, actions: lets, rate: speed, quota: most, dailyCost, expires }: PolicyOptions): PolicyOptions {
  const all = { models, actions: lets, rate: speed, quota: most, dailyCost, expires };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function orNone<T>(parse: (text: string) => T): (text: string) => T | 'none' {
  return (text) => (text === 'none' ? text : parse(text));
}

/** A day or time to come. */
function expiry(text: string): string {
  const time = timeOption(text);
  if (Date.parse(time) > Date.now()) return time;
  throw new InvalidArgumentError('It is past: the key would never be good. Expected a day to come.');
}

function words(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => modelNames.test(name))) return names;
  throw new InvalidArgumentError(
    'Expected names of models with commas between them, each with * at its end alone, such as a,team-*.',
  );
}

function actionWords(text: string): readonly Action[] {
  const known: readonly string[] = actions;
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => known.includes(name))) return names as readonly Action[];
  throw new InvalidArgumentError(`Expected some of ${known.join(', ')}, with commas between them.`);
}

function rate(text: string): NonNullable<Policy['rate']> {
  const [, perSecond, burst] = /^([0-9]{1,9}(?:\.[0-9]{1,6})?)(?::([0-9]{1,9}))?$/.exec(text) ?? [];
  if (Number(perSecond) > 0 && burst !== '0')
    return { perSecond: Number(perSecond), ...(burst !== undefined && { burst: Number(burst) }) };
  throw new InvalidArgumentError('Expected requests a second, such as 5, or 5:20 with a burst.');
}

function quota(text: string): NonNullable<Policy['quota']> {
  const [, requests, per] = /^([0-9]{1,12})\/(day|month)$/.exec(text) ?? [];
  if (requests !== undefined) return { requests: Number(requests), per: per as 'day' | 'month' };
  throw new InvalidArgumentError('Expected inferences in a day or month, such as 1000/day or 20000/month.');
}

function dollars(text: string): number {
  if (/^[0-9]{1,9}(\.[0-9]{1,9})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected USD, such as 2.5.');
}
