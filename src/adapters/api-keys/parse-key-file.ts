import { compileSchema } from '../compile-schema.ts';
import { parseSettings } from '../directory-model-store/parse-settings.ts';
import { explainSchemaErrors } from '../explain-schema-errors.ts';
import type { KeyFile } from './key-entry.ts';
import { keyFileSchema } from './key-file-schema.ts';

const expiry = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))?$/;

/** The keys of a file. Rejects with an Error that says what is wrong with it. */
export async function parseKeyFile(text: string): Promise<KeyFile> {
  const content = parseSettings(text);
  const validate = await compileSchema<KeyFile>(keyFileSchema);
  if (!validate(content)) throw new Error(explainSchemaErrors(validate.errors ?? []));
  const names = new Set<string>();
  for (const { name, expires, sha256, principal, rate } of content.keys) {
    if (names.has(name)) throw new Error(`there are several keys '${name}'; give each a name of its own`);
    names.add(name);
    if ((sha256 === undefined) === (principal === undefined))
      throw new Error(`key '${name}': expected either 'sha256', of a key, or 'principal', an ARN of IAM`);
    if (principal !== undefined && rate)
      throw new Error(`key '${name}': 'rate' is of keys; how fast principals may send is set in cdk/stages.ts`);
    if (expires !== undefined && !(expiry.test(expires) && Date.parse(expires) > 0))
      throw new Error(
        `key '${name}': 'expires' is '${expires}'; expected a day such as 2027-01-31, or a time with its zone such as 2027-01-31T12:00:00Z`,
      );
  }
  return content;
}
