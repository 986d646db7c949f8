/** Paths that a request of a job may have, of a model or one of its versions. */
export const inferPath = /^\/v2\/models\/[^/]+(\/versions\/[^/]+)?\/infer$/;
