import type { Datatype } from '../../protocol/datatype.ts';
import { elementTypes } from './element-types.ts';

const datatypes = new Map(Object.entries(elementTypes).map(([datatype, number]) => [number, datatype as Datatype]));

/**
 * The datatype of one of the runtime's element types; undefined for those that the protocol has no name for (int4,
 * say).
 */
export function datatypeOf(elementType: number): Datatype | undefined {
  return datatypes.get(elementType);
}
