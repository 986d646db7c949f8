/** A prepared form that does not answer as the model did. */
export class RefusedFormError extends Error {}
