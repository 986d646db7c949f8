interface Problem {
  readonly model: string;
  readonly problem: string;
}

/** Logs each problem of the model repository when it turns up, not every time that the repository is looked at. */
export class ProblemLog {
  readonly #warn: (problem: Problem, message: string) => void;
  #known: ReadonlySet<string> = new Set();

  constructor(warn: (problem: Problem, message: string) => void) {
    this.#warn = warn;
  }

  /** Takes in the problems that there are now. */
  update(problems: readonly Problem[]): void {
    const known = this.#known;
    this.#known = new Set(problems.map((problem) => JSON.stringify(problem)));
    for (const problem of problems) {
      if (!known.has(JSON.stringify(problem))) this.#warn(problem, 'model repository');
    }
  }
}
