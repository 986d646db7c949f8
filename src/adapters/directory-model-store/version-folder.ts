/** What the folder of a version is called: a whole number from 1 on. */
export const versionFolder = /^[1-9][0-9]{0,14}$/;
