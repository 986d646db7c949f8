/** What a model may be called: a name that is one folder, and one part of a URL. */
export const modelName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
