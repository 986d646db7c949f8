import { Fields } from '../../core/fields.ts';
import type { FineTuning } from '../../core/model-jobs/fine-tuning.ts';
import { headKinds } from '../../core/training/head-kinds.ts';
import { mostCount } from '../../core/training/most-count.ts';
import { networkKinds } from '../../core/training/network-kinds.ts';
import type { JobRequest, OptionValue } from '../../ports/job-request.ts';
import { metadataOf } from '../batches/metadata-of.ts';
import { tunedName } from './tuned-name.ts';

export interface FineTuningRequest {
  readonly job: JobRequest;
  readonly fineTuning: FineTuning;
}

const known = [
  'model',
  'training_file',
  'validation_file',
  'method',
  'hyperparameters',
  'suffix',
  'seed',
  'metadata',
  'integrations',
];
const knownOfMethod = ['type', 'supervised'];
const knownOfHyperparameters = ['n_epochs', 'batch_size', 'learning_rate_multiplier'];
/** Beside OpenAI's own: what the rows are told by, and what of the model learns. */
const knownOfSupervised = ['hyperparameters', 'target', 'columns', 'head', 'freeze'];
const mostSeed = 2 ** 32 - 1;

/**
 * What `POST /v1/fine_tuning/jobs` asks for, as the job that does it. Throws ServiceError 400 that names the field that
 * is wrong.
 */
export function readFineTuningRequest(body: Record<string, unknown>): FineTuningRequest {
  const fields = new Fields(body, known);
  const base = fields.model();
  const network = base.startsWith('new:') ? base.slice('new:'.length) : undefined;
  if (network !== undefined && !networkKinds.some((kind) => kind === network))
    throw fields.wrong('model', `a model, or a new network: ${networkKinds.map((each) => `new:${each}`).join(', ')}`);
  const data = fields.text('training_file');
  if (data === undefined) throw fields.wrong('training_file', 'the id of a file');
  const integrations = fields.value('integrations') ?? [];
  if (!Array.isArray(integrations) || integrations.length > 0)
    throw fields.wrong('integrations', 'none: nothing is told to other services');
  const suffix = fields.text('suffix');
  const { supervised, hyperparameters } = readMethod(fields);
  const head = supervised.text('method.supervised.head');
  if (head !== undefined && !headKinds.some((kind) => kind === head))
    throw supervised.wrong('method.supervised.head', headKinds.map((each) => `"${each}"`).join(' or '));
  const freeze = readFreeze(supervised);
  checkLearning(supervised, network, head, freeze);
  const options = {
    data,
    test: fields.text('validation_file'),
    target: supervised.text('method.supervised.target'),
    columns: readColumns(supervised),
    head,
    freeze,
    new: network,
    seed: fields.whole('seed', 0, mostSeed),
    ...hyperparameters,
  };
  const metadata = metadataOf(fields.value('metadata') ?? null);
  return {
    job: {
      kind: 'train',
      model: tunedName(fields, base, suffix),
      ...(network === undefined && { source: base }),
      options: given(options),
    },
    fineTuning: { ...(suffix !== undefined && { suffix }), ...(metadata && { metadata }) },
  };
}

function readColumns(supervised: Fields): string | undefined {
  const place = 'method.supervised.columns';
  const value = supervised.value(place);
  if (value === undefined || typeof value === 'string') return value;
  throw supervised.wrong(place, 'a text with the names of columns, such as "age,calls"');
}

function readFreeze(supervised: Fields): readonly string[] | undefined {
  const place = 'method.supervised.freeze';
  const value = supervised.value(place);
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')) return value;
  throw supervised.wrong(place, 'a list of names of weights, such as ["encoder.layer.0.*"]');
}

/** A new network learns as a whole, and under a head the model stays as it is. */
function checkLearning(
  supervised: Fields,
  network: string | undefined,
  head: string | undefined,
  freeze: readonly string[] | undefined,
): void {
  if (network !== undefined && head !== undefined)
    throw supervised.wrong('method.supervised.head', `none with new:${network}, as a head is put on a model`);
  if (freeze === undefined || (network ?? head) === undefined) return;
  const what = network === undefined ? `a head, under which all is frozen` : `new:${network}, all of which learns`;
  throw supervised.wrong('method.supervised.freeze', `none with ${what}`);
}

/** How it is to learn: `hyperparameters` lie within `method` now, and beside it in requests of older clients. */
function readMethod(fields: Fields) {
  checkMethod(fields);
  const method = inside(fields, 'method', knownOfMethod);
  const supervised = inside(method, 'method.supervised', knownOfSupervised);
  const old = inside(fields, 'hyperparameters', knownOfHyperparameters);
  const own = inside(supervised, 'method.supervised.hyperparameters', knownOfHyperparameters);
  for (const name of knownOfHyperparameters) checkSaidOnce(name, old, own);
  const hyperparameters = {
    ...given(readHyperparameters(old, 'hyperparameters')),
    ...given(readHyperparameters(own, 'method.supervised.hyperparameters')),
  };
  return { supervised, hyperparameters };
}

/** What is said of nothing in particular. */
const asUsual = 'auto';

/** Throws ServiceError 400 where the two places say different things of the same. */
function checkSaidOnce(name: string, old: Fields, own: Fields): void {
  const [place, ownPlace] = [`hyperparameters.${name}`, `method.supervised.hyperparameters.${name}`];
  const [value, ownValue] = [old.value(place), own.value(ownPlace)];
  if ([value, ownValue].some((each) => each === undefined || each === asUsual) || value === ownValue) return;
  throw old.wrong(place, `${JSON.stringify(ownValue)}, as '${ownPlace}' says, or to be said there alone`);
}

/** As `train` calls them. */
function readHyperparameters(fields: Fields, place: string) {
  const unlessAuto = <T>(name: string, read: (name: string) => T) =>
    fields.value(`${place}.${name}`) === asUsual ? undefined : read(`${place}.${name}`);
  const count = (name: string) => fields.whole(name, 1, mostCount);
  return {
    epochs: unlessAuto('n_epochs', count),
    batchRows: unlessAuto('batch_size', count),
    learningRateMultiplier: unlessAuto('learning_rate_multiplier', (name) =>
      fields.number(name, { from: 0, to: 1000, isAbove: true }),
    ),
  };
}

/** Throws ServiceError 400 for another method than the one there is, before what is told of it by fields of its own. */
function checkMethod(fields: Fields): void {
  const { type = 'supervised' } = Object(fields.value('method')) as { readonly type?: unknown };
  if (type === null || type === 'supervised') return;
  const place = 'method.type';
  throw new Fields({ [place]: type }, [place]).wrong(place, '"supervised", as rows with what they are do');
}

/** The fields of an object in a field, each by its place in the request. Throws ServiceError 400 where it is none. */
function inside(fields: Fields, place: string, names: readonly string[]): Fields {
  const value = fields.value(place) ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) throw fields.wrong(place, 'an object');
  const placed = Object.entries(value).map(([name, each]) => [`${place}.${name}`, each]);
  return new Fields(
    Object.fromEntries(placed),
    names.map((name) => `${place}.${name}`),
  );
}

function given(options: Readonly<Record<string, OptionValue | undefined>>): Readonly<Record<string, OptionValue>> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
