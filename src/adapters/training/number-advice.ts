import type { FieldFault } from '../../protocol/field-error.ts';

/** What to do, but to mend it, about a field that is to have numbers and has another kind of values. */
export const numberAdvice: Readonly<Partial<Record<FieldFault['kind'], string>>> = {
  boolean: 'write 1 and 0 for true and false',
  text: 'name the columns that are numbers with --columns (texts are for a model that reads them, with --head linear)',
  list: 'write each number of a list into a column of its own',
  object: 'write each number of a struct into a column of its own',
  other: 'write it as DOUBLE, or name the columns that are numbers with --columns',
};
