import { readBytes } from '../../core/batch/read-bytes.ts';
import type { FileReader, StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { compileSchema } from '../compile-schema.ts';
import { parseSettings } from '../directory-model-store/parse-settings.ts';
import { explainSchemaErrors } from '../explain-schema-errors.ts';
import type { BatchManifest } from './batch-manifest.ts';
import { batchManifestSchema } from './batch-manifest-schema.ts';

const maxBytes = 16 * 1024 * 1024;

/** A job's manifest. Rejects with ServiceError 400 that says what is wrong with it, 413 where it is too large. */
export async function readManifest(store: FileReader, file: StoredFile): Promise<BatchManifest> {
  const refuse = (what: string) => new ServiceError(400, `'${file.key}': ${what}`);
  if (file.bytes > maxBytes) {
    throw new ServiceError(
      413,
      `'${file.key}' is ${file.bytes} bytes, more than the ${maxBytes} of a manifest; give a prefix`,
    );
  }
  const bytes = await readBytes(store, file);
  const validate = await compileSchema<BatchManifest>(batchManifestSchema);
  const content = parsed(bytes, refuse);
  if (!validate(content)) throw refuse(explainSchemaErrors(validate.errors ?? []));
  const { file: one, files, prefix, separator } = content;
  const sources = [one, files, prefix].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw refuse("expected one of 'file', 'files' and 'prefix', which say what the records are");
  const outside = sources.flat().find((name) => name.startsWith('/') || name.split('/').includes('..'));
  if (outside !== undefined) throw refuse(`'${outside}' leads out of the manifest's folder`);
  if (separator !== undefined && (separator > '\x7f' || '"\r\n'.includes(separator))) {
    throw refuse(
      `'separator': expected a character of ASCII that neither quotes a field nor ends a line, got ${JSON.stringify(separator)}`,
    );
  }
  return content;
}

function parsed(bytes: Uint8Array, refuse: (what: string) => ServiceError): unknown {
  try {
    return parseSettings(new TextDecoder().decode(bytes));
  } catch (error) {
    throw refuse((error as Error).message);
  }
}
