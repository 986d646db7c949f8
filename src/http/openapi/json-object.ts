/** An object that goes into a JSON document. */
export type JsonObject = Readonly<Record<string, unknown>>;
