import { placeAfter, type SoakModel, soakModels } from './soak-models.ts';

let made = 0;

/** A request of the soak, and what must come back. */
export class SoakCall {
  readonly model: SoakModel;
  readonly rows: number;
  readonly values: Float32Array<ArrayBuffer>;
  readonly id: string;

  /** @param random numbers from 0 to 1 */
  constructor(random: () => number) {
    this.model = soakModels[Math.floor(random() * soakModels.length)] as SoakModel;
    this.rows = 1 + Math.floor(random() * 3);
    made += 1;
    this.id = `call-${made}`;
    // The first of each row is the call's own number; whole numbers, which products and sums leave exact.
    this.values = Float32Array.from({ length: this.rows * this.model.width }, (_, place) =>
      place % this.model.width === 0 ? made % 2 ** 20 : Math.floor(random() * 1000),
    );
  }

  get shape(): readonly [number, number] {
    return [this.rows, this.model.width];
  }

  get bytes(): Buffer {
    return Buffer.from(this.values.buffer);
  }

  /** Throws where an answer is not that to this call. */
  check(id: unknown, answer: Float32Array): void {
    const { model, rows, values } = this;
    if (id !== this.id) throw new Error(`${model.name}: expected the answer to ${this.id}, got that to ${id}`);
    if (answer.length !== values.length) {
      throw new Error(`${model.name}: expected ${values.length} numbers, got ${answer.length}`);
    }
    for (let row = 0; row < rows; row += 1) {
      for (let place = 0; place < model.width; place += 1) {
        const at = row * model.width;
        const [expected, got] = [values[at + place], answer[at + placeAfter(model, place)]];
        if (got !== expected) {
          throw new Error(`${model.name}, ${this.id}: row ${row} has ${got} where ${expected} was sent`);
        }
      }
    }
  }
}
