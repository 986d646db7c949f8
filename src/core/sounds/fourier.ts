/** Fourier transforms of a length, which need not be a power of two: it is taken apart by its prime factors. */
export class Fourier {
  readonly #length: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;

  constructor(length: number) {
    this.#length = length;
    const angle = (index: number) => (2 * Math.PI * index) / length;
    this.#cosines = Float64Array.from({ length }, (_, index) => Math.cos(angle(index)));
    this.#sines = Float64Array.from({ length }, (_, index) => -Math.sin(angle(index)));
    this.#real = new Float64Array(length);
    this.#imaginary = new Float64Array(length);
  }

  /** The power at each frequency, from 0 to half of the samples' rate, of as many samples as the length. */
  powers(samples: Float64Array): Float64Array {
    this.#transform(samples, 0, 1, this.#length, 0);
    const powers = new Float64Array(Math.floor(this.#length / 2) + 1);
    for (let bin = 0; bin < powers.length; bin += 1)
      powers[bin] = (this.#real[bin] as number) ** 2 + (this.#imaginary[bin] as number) ** 2;
    return powers;
  }

  /** Of `length` samples, each `stride` behind the one before. Source: Cooley and Tukey, 1965, decimation in time. */
  #transform(samples: Float64Array, from: number, stride: number, length: number, to: number): void {
    if (length === 1) {
      this.#real[to] = samples[from] as number;
      this.#imaginary[to] = 0;
      return;
    }
    const factor = smallestFactor(length);
    const part = length / factor;
    for (let index = 0; index < factor; index += 1)
      this.#transform(samples, from + index * stride, stride * factor, part, to + index * part);
    const real = new Float64Array(factor);
    const imaginary = new Float64Array(factor);
    for (let at = to; at < to + part; at += 1) {
      for (let index = 0; index < factor; index += 1) {
        real[index] = this.#real[at + index * part] as number;
        imaginary[index] = this.#imaginary[at + index * part] as number;
      }
      for (let index = 0; index < factor; index += 1)
        this.#combine(real, imaginary, (at - to + index * part) * stride, at + index * part);
    }
  }

  /** The sum of parts, each turned by `turn` of its number. */
  #combine(real: Float64Array, imaginary: Float64Array, turn: number, to: number): void {
    let [sum, imaginarySum] = [0, 0];
    for (let index = 0; index < real.length; index += 1) {
      const cosine = this.#cosines[(index * turn) % this.#length] as number;
      const sine = this.#sines[(index * turn) % this.#length] as number;
      sum += (real[index] as number) * cosine - (imaginary[index] as number) * sine;
      imaginarySum += (real[index] as number) * sine + (imaginary[index] as number) * cosine;
    }
    this.#real[to] = sum;
    this.#imaginary[to] = imaginarySum;
  }
}

function smallestFactor(length: number): number {
  for (let factor = 2; factor * factor <= length; factor += 1) if (length % factor === 0) return factor;
  return length;
}
