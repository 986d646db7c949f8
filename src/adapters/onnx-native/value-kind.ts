/** The runtime's numbers for kinds of value (ONNXType). */
export const ValueKind = { tensor: 1, sequence: 2, map: 3 } as const;
