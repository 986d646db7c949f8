import { dataTypes } from '../data-types.ts';

/** Whether gradients are taken by values of a type, one of dataTypes. */
export function isFloat(dataType: number): boolean {
  return dataType === dataTypes.FLOAT || dataType === dataTypes.DOUBLE;
}
