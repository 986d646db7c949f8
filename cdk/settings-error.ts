/** Settings that cannot be deployed. Its message says what to write instead, and is for whoever wrote them. */
export class SettingsError extends Error {}
