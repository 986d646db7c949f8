/** What automata may take together to be made: some hundred milliseconds. */
export class MachineBudget {
  states = 4_000;
  work = 500_000;
}
