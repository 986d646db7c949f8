/** The column of a CSV file that says which class is right. */
export const labelColumn = 'label';
