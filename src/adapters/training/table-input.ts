/** The input that a table fills. */
export const tableInput = 'features';
