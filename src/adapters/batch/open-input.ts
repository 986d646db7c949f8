import type { BatchSettings } from '../../core/batch/batch-plan.ts';
import { JsonlParts } from '../../core/batch/jsonl-parts.ts';
import type { ObjectStore, StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { BatchManifest } from '../batch-manifest/batch-manifest.ts';
import { readManifest } from '../batch-manifest/read-manifest.ts';
import { FilesFormat } from '../record-formats/files-format.ts';
import { type FoundFormat, recordFormatOf } from './record-format-of.ts';

const maxFileBytes = 64 * 1024 * 1024;

/** A job's input, and its settings with those of its manifest, if it has one. */
export interface OpenInput extends FoundFormat {
  readonly file: StoredFile;
  readonly settings: BatchSettings;
  /** Fields to keep that the command or the manifest names: a file with columns has to have them. */
  readonly required: readonly string[];
  /** A manifest says how a file becomes the model's input. */
  readonly isDecoded: boolean;
}

/**
 * Finds the records that a file stands for: its own, those of the files in a folder (`…/`), or those that a manifest
 * (`*.manifest.json`) says, whose settings go before `settings`, as those of `chosen` go before all. Work files go to
 * `work`.
 *
 * Rejects with ServiceError 400 for a file of an unknown format and for a manifest that does not hold, 404 where it
 * names a file that is not there.
 */
export async function openInput(
  input: ObjectStore,
  file: StoredFile,
  work: ObjectStore,
  settings: BatchSettings,
  chosen: Partial<BatchSettings> = {},
): Promise<OpenInput> {
  const { key } = file;
  const isFolder = key.endsWith('/');
  if (!isFolder && !key.endsWith('.manifest.json')) {
    return {
      file,
      settings: { ...settings, ...chosen },
      required: chosen.kept ?? [],
      isDecoded: false,
      ...recordFormatOf(key, { work }),
    };
  }
  const manifest: BatchManifest = isFolder ? {} : await readManifest(input, file);
  const said = settingsOf(manifest);
  const own = { ...settings, ...said, ...chosen, mapping: { ...settings.mapping, ...said.mapping, ...chosen.mapping } };
  const kept = chosen.kept ?? manifest.kept;
  const required = kept ?? [];
  if (manifest.file !== undefined) {
    const place = key.slice(0, key.lastIndexOf('/') + 1) + manifest.file;
    const records = await input.find(place);
    if (!records) throw new ServiceError(404, `there is no file '${place}', which '${key}' names`);
    return {
      file: records,
      settings: own,
      required,
      isDecoded: false,
      ...recordFormatOf(place, { work, ...manifest }),
    };
  }
  const records = new FilesFormat({ files: input, work, manifest, maxFileBytes });
  const files = { format: 'files', records, partsOf: (names: readonly string[]) => new JsonlParts(names) };
  return {
    file,
    settings: { ...own, kept: kept ?? ['file'] },
    required,
    isDecoded: manifest.decode !== undefined,
    ...files,
  };
}

/** What a manifest says of the settings that every job has. */
function settingsOf({ mapping, kept, outputs, maxFailedRecords, separator }: BatchManifest): Partial<BatchSettings> {
  return {
    ...(mapping && { mapping }),
    ...(kept && { kept }),
    ...(outputs && { outputs }),
    ...(maxFailedRecords !== undefined && { maxFailedRecords }),
    ...(separator && { separator }),
  };
}
