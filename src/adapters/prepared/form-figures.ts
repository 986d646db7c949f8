/** What a form of a model takes, at best. */
export interface FormFigures {
  readonly bytes: number;
  readonly loadMs: number;
  /** The first run, in which a mapped form is read. */
  readonly firstRunMs: number;
  readonly runMs: number;
}
