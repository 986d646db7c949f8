/** Puts values into a random order, where they are. */
export function shuffle<T>(values: T[], random: () => number): void {
  for (let place = values.length - 1; place > 0; place -= 1) {
    const other = Math.floor(random() * (place + 1));
    [values[place], values[other]] = [values[other] as T, values[place] as T];
  }
}
