/**
 * The folder of a version that holds its prepared forms, by their keys; hidden, so that it is no part of the version.
 */
export const preparedFolder = '.prepared';
