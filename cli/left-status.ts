/**
 * What a command ends with that goes no further by itself, and is to be given again later: as sysexits.h has it for
 * what fails for now.
 */
export const leftStatus = 75;
