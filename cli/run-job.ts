import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { recordedChange } from '../src/adapters/audit/recorded-change.ts';
import { watchJob } from '../src/adapters/batch/watch-job.ts';
import type { JobHolder } from '../src/adapters/model-jobs/local-model-jobs.ts';
import { readJson } from '../src/core/batch/read-json.ts';
import { endModelJob } from '../src/core/model-jobs/end-model-job.ts';
import { dropCheckpoints, hasCheckpoint } from '../src/core/model-jobs/job-checkpoints.ts';
import type { JobEnding, JobReport } from '../src/core/model-jobs/job-report.ts';
import { JobTaken } from '../src/core/model-jobs/job-taken.ts';
import { jobWords } from '../src/core/model-jobs/job-words.ts';
import { madeVersions } from '../src/core/model-jobs/made-versions.ts';
import type { JobInput, ModelJob } from '../src/core/model-jobs/model-job.ts';
import { eventsFile, type JobEvents, runFiles } from '../src/core/model-jobs/run-files.ts';
import type { RewritableStore } from '../src/ports/object-store.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { callersWords } from './callers-words.ts';
import { inScratchFolder } from './in-scratch-folder.ts';
import { JobVoice } from './job-voice.ts';
import { leftStatus } from './left-status.ts';
import { pinnedSource } from './pinned-source.ts';
import { type EndedProcess, runJobProcess } from './run-job-process.ts';

/** Of a job that would else have completed, and made nothing: that is told there. */
const unheard =
  'its command ended well, but what it told of that was no JSON, or more than a MiB: what it stored is in the repository';

/** What a job's folder has besides. */
const ownFolders = ['source', 'inputs', 'converted', 'tmp'];

export interface JobPlace {
  /** Where the files of jobs are, and what becomes of them goes. */
  readonly data: RewritableStore;
  /** The model repository: an absolute path, or a URI. */
  readonly models: string;
  /** What runs a command of this project, without the command. */
  readonly program: readonly string[];
  /** What runs models there, of what --execution-providers takes. @default the processor */
  readonly providers?: string | undefined;
  /** Which of its GPUs that is. @default 0 */
  readonly gpuDevice?: number | undefined;
  /** Brings what a job has elsewhere into its folder, and gives the words that say so. @default nothing */
  readonly bring?: (job: ModelJob, folder: string) => Promise<readonly string[]>;
  /** For whom it is done. @default nobody who might be taken for lost */
  readonly holder?: JobHolder | undefined;
  /** URI of the folder in which a training leaves its rounds to others. @default they are done here */
  readonly rounds?: string | undefined;
  /** URI of the folder in which the job keeps how far it is. @default it does not */
  readonly checkpoints?: string | undefined;
}

/**
 * Does a job that was begun, in a process of its own, and ends it with its report. What it makes of the repository is
 * in the audit log, as of who asked for it. Resolves to undefined where it goes no further here, and is to be done
 * again: it left its rounds to others, `signal` ended it once it had kept how far it is, or another has taken it up, who
 * then has its files.
 *
 * @param signal ends it; the reason is the job's
 */
export async function runJob(job: ModelJob, place: JobPlace, signal: AbortSignal): Promise<JobReport | undefined> {
  const output = runFiles(place.data, job.id);
  // What was said before is worth less than the job.
  const said = await readJson<JobEvents>(output, eventsFile).catch(() => undefined);
  const voice = new JobVoice(place.data, output, said);
  const over = new AbortController();
  const unwatch = watchJob(output, (reason) => over.abort(reason));
  const heed = () => {
    if (signal.reason instanceof JobTaken) voice.hush();
  };
  signal.addEventListener('abort', heed, { once: true });
  const { id, kind, model, owner } = job;
  let ending: JobEnding | 'left' | undefined;
  const change = { action: 'job', model, details: { job: id, kind }, ...(owner !== undefined && { who: owner }) };
  try {
    await recordedChange(place.models, change, async () => {
      ending = await attempt(job, place, voice, AbortSignal.any([over.signal, signal]));
      if (ending === 'left') return undefined;
      const { versions } = ending;
      if (versions.length > 0) await place.holder?.onMade?.([...new Set(versions.map((made) => made.model))]);
      return versions.length > 0 ? { details: { ...change.details, versions } } : undefined;
    });
  } catch (error) {
    ending ??= failure(error);
  } finally {
    unwatch();
    await voice.end().catch(() => undefined);
  }
  if (ending === 'left') return undefined;
  const done = ending ?? failure(new Error('it did not end'));
  // What it has stored is told, whoever has it.
  if (done.status !== 'completed' && (await place.holder?.isTaken())) return undefined;
  const isStopped = signal.aborted && !over.signal.aborted && done.status === 'failed';
  if (isStopped && place.checkpoints !== undefined && (await hasCheckpoint(place.data, job))) return undefined;
  const report = await endModelJob(output, job, done, new Date());
  // It is over, whether or not that can be let go of.
  if (place.checkpoints !== undefined) await dropCheckpoints(place.data, job).catch(() => undefined);
  return report;
}

async function attempt(
  job: ModelJob,
  place: JobPlace,
  voice: JobVoice,
  signal: AbortSignal,
): Promise<JobEnding | 'left'> {
  return inScratchFolder(async (folder) => {
    const paths = new Map<string, string>();
    for (const [index, [name, file]] of Object.entries(job.inputs).entries()) {
      const path = pathOf(job, name) ?? ownName(file, index, [...paths.values()]);
      paths.set(name, path);
      await mkdir(dirname(join(folder, path)), { recursive: true });
      if (!(await place.data.find(file.key)))
        throw new ServiceError(
          404,
          `its file '${name}' was deleted before the job began: ask for it again, with another`,
        );
      await pipeline(Readable.from(place.data.read(file)), createWriteStream(join(folder, path)), { signal });
    }
    const words = jobWords(job, {
      models: place.models,
      source: await sourceOf(job, place),
      providers: place.providers,
      gpuDevice: place.gpuDevice,
      pathOf: (name) => paths.get(name) ?? name,
    });
    const { rounds, checkpoints, bring } = place;
    const brought = (await bring?.(job, folder)) ?? [];
    const kept = Object.entries({ rounds, checkpoints }).filter(([, uri]) => uri !== undefined);
    const more = [...brought, ...kept.map(([option, uri]) => `--${option}=${uri}`)];
    const inTheirWords = callersWords(job, paths);
    const ended = await runJobProcess([...place.program, ...words, ...more], { folder, voice, inTheirWords, signal });
    return rounds !== undefined && ended.status === leftStatus ? 'left' : endingOf(ended, voice, signal);
  });
}

/**
 * What a file of an option is called here: as whoever gave it calls it, so that the command and what it stores do too.
 */
function ownName({ filename, ending = '' }: JobInput, index: number, taken: readonly string[]): string {
  const name = `${filename}${ending}`.replace(/[^A-Za-z0-9._-]/g, '_').slice(-100);
  return [...taken, ...ownFolders].some((other) => other.split('/')[0] === name) || !/\w/.test(name)
    ? `inputs/${index}/${name}`
    : name;
}

/** Where a file of the source lies, by the name that it is to have beside the others. */
function pathOf({ source }: ModelJob, name: string): string | undefined {
  if (typeof source !== 'object') return undefined;
  const [beside] = Object.entries(source.files).find(([, file]) => file === name) ?? [];
  return beside === undefined ? undefined : `source/${beside}`;
}

async function sourceOf({ id, source }: ModelJob, { data, models }: JobPlace): Promise<string> {
  if (typeof source === 'string') return pinnedSource(source, models, runFiles(data, id));
  if (source === undefined) return '';
  const [first = '', ...others] = Object.keys(source.files);
  return others.length === 0 ? `source/${first}` : 'source';
}

function endingOf({ status, by, told }: EndedProcess, voice: JobVoice, signal: AbortSignal): JobEnding {
  const more = { versions: madeVersions(told), ...(told !== undefined && { result: told }) };
  if (status === 0) return told === undefined ? failure(new Error(unheard)) : { status: 'completed', ...more };
  if (signal.aborted) return failure(signal.reason);
  if (status === 2) return { status: 'refused', reason: voice.linesOf('gate: ').join('\n'), ...more };
  if (by !== null) return failure(new Error(`its process was ended by ${by}: there may have been too little memory`));
  const reason = voice
    .linesOf('error: ')
    .join('\n')
    .replace(/^error: /, '');
  return { status: 'failed', reason: reason || `its command ended with ${status} and said nothing`, versions: [] };
}

/** What is no ServiceError is a fault of the host, or of this project. */
function failure(error: unknown): JobEnding {
  const reason = (error as Error).message;
  const isFault = !(error instanceof ServiceError) || error.status >= 500;
  return { status: 'failed', reason, versions: [], ...(isFault && { isFault }) };
}
