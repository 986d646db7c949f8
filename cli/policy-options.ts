import { type Command, InvalidArgumentError } from 'commander';
import type { Policy } from '../src/adapters/api-keys/key-entry.ts';
import { type Action, actions } from '../src/ports/authorize.ts';

const modelNames = /^(\*|[A-Za-z0-9][A-Za-z0-9._-]{0,127}\*?)$/;

/** What the options of `withPolicyOptions` are parsed to. */
export interface PolicyOptions {
  readonly models?: readonly string[];
  readonly actions?: readonly Action[];
  readonly rate?: NonNullable<Policy['rate']>;
  readonly quota?: NonNullable<Policy['quota']>;
  readonly dailyCost?: number;
  readonly expires?: string;
}

/** The options that say what a key or principal may do. */
export function withPolicyOptions(command: Command): Command {
  return command
    .option('--models <names>', 'the models that it is good for, such as a,team-*; all without it', words)
    .option(
      '--actions <names>',
      `what it is good for, of ${actions.join(', ')}; infer and read without it`,
      actionWords,
    )
    .option(
      '--rate <number>',
      'with --file: requests a second, such as 5, or 5:20 with up to 20 at once; on AWS the plan has it',
      rate,
    )
    .option('--quota <number>', 'inferences in a day or month of UTC, such as 1000/day', quota)
    .option('--daily-cost <dollars>', 'USD that its inferences of a day of UTC may cost, about', dollars)
    .option('--expires <day>', 'the day or time from which on it is no longer good', expiry);
}

/** The policy of a key that is named so; undefined where no option says anything. */
export function policyOf(name: string, options: PolicyOptions): Policy | undefined {
  const { models, actions: given, rate: speed, quota: most, dailyCost, expires } = options;
  const scope = {
    ...(models && { models }),
    ...(given && { actions: given }),
    ...(speed && { rate: speed }),
    ...(most && { quota: most }),
    ...(dailyCost !== undefined && { dailyCost }),
    ...(expires && { expires }),
  };
  return Object.keys(scope).length === 0 ? undefined : { name, ...scope };
}

/** A day or time to come; what it should look like, whoever reads the file says. */
function expiry(text: string): string {
  if (Date.parse(text) <= Date.now())
    throw new InvalidArgumentError('It is past: the key would never be good. Expected a day to come.');
  return text;
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
