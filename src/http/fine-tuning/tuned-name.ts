import type { Fields } from '../../core/fields.ts';
import { nameIn } from '../openai/name-in.ts';

const usualSuffix = 'ft';
const suffixForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * The model that a fine-tuned one becomes a version of: not the one that it is made of, whose callers might get the new
 * one at once, unless the suffix is its name, or what its name ends in. A new network is called by the suffix alone.
 * Throws ServiceError 400 for a suffix that cannot be in a name.
 */
export function tunedName(fields: Fields, base: string, suffix: string | undefined): string {
  if (suffix !== undefined && !suffixForm.test(suffix))
    throw fields.wrong('suffix', 'up to 64 letters, digits, dots, _ and -, the first a letter or digit');
  if (base.startsWith('new:')) {
    if (suffix !== undefined) return suffix;
    throw fields.wrong('suffix', `what ${base} is to be called`);
  }
  const name = nameIn(base);
  const ending = `-${suffix ?? usualSuffix}`;
  return name === suffix || name.endsWith(ending) ? name : name + ending;
}
