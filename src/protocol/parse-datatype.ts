import type { Datatype } from './datatype.ts';
import { datatypes } from './datatypes.ts';
import { nearestDatatype } from './nearest-datatype.ts';
import { ServiceError } from './service-error.ts';

/** The datatype that `text` names; `label` says of what. Throws 400 for a word that is none, with the nearest one. */
export function parseDatatype(text: string, label: string): Datatype {
  const known = datatypes.words.find((word) => word === text);
  if (known !== undefined) return known;
  const nearest = nearestDatatype(text);
  const advice = nearest === undefined ? `expected one of ${datatypes.words.join(', ')}` : `did you mean ${nearest}?`;
  throw new ServiceError(400, `${label}: unknown datatype '${text.slice(0, 40)}': ${advice}`);
}
