/**
 * Paths that a request of a job may have: of a model or one of its versions, or those that say in the body which model
 * they are for.
 */
export const inferPath =
  /^\/(v2\/models\/[^/]+(\/versions\/[^/]+)?\/(infer|generate)|v1\/predict\/[^/]+(\/versions\/[^/]+)?|v1\/(embeddings|rerank|completions|chat\/completions))$/;
