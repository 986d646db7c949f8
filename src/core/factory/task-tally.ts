import type { Tensor } from '../../protocol/tensor.ts';
import type { Finding } from './finding.ts';
import { gateLimits } from './gate-limits.ts';
import type { Share } from './share.ts';
import { shareOf } from './share-of.ts';
import { shareWords } from './share-words.ts';
import type { Task } from './task.ts';

/** What a conversion costs at a task. */
export interface TaskReport extends Pick<Task, 'fittedTo'> {
  /** Answers with the class that they had. */
  readonly agreement: Share;
  readonly accuracy: Share;
  readonly sourceAccuracy: Share;
  /** Points of accuracy that are lost, and the interval of 95 % about them; below 0 where some were won. */
  readonly lossPoints: number;
  readonly lossInterval: readonly [least: number, most: number];
}

const z = 1.96;

/** Counts right and wrong answers of a conversion and of what was expected. */
export class TaskTally {
  readonly #task: Task;
  readonly #lossPoints: number;
  readonly #classOfMade: Task['classOf'];
  #cases = 0;
  #agreed = 0;
  #onlySource = 0;
  #onlyConverted = 0;
  #both = 0;
  #firstLost: string | undefined;

  /**
   * @param lossPoints points of accuracy that may be lost
   * @param classOfMade the class that an answer of the conversion stands for
   */
  constructor(task: Task, lossPoints: number = gateLimits.lossPoints, classOfMade: Task['classOf'] = task.classOf) {
    this.#task = task;
    this.#lossPoints = lossPoints;
    this.#classOfMade = classOfMade;
  }

  /** Takes in an answer of the case at a place. */
  add(place: number, where: string, actual: Tensor, expected: Tensor): void {
    const label = this.#task.labels[place];
    if (label === undefined) return;
    const [now, before] = [this.#classOfMade(actual), this.#task.classOf(expected)];
    this.#cases += 1;
    if (now === before) this.#agreed += 1;
    if (now === label && before === label) this.#both += 1;
    else if (now === label) this.#onlyConverted += 1;
    else if (before === label) {
      this.#onlySource += 1;
      this.#firstLost ??= where;
    }
  }

  /** Of answers to the same questions, what counts are those of which one is right and the other wrong. */
  report(): TaskReport {
    const [lost, won, cases] = [this.#onlySource, this.#onlyConverted, this.#cases];
    const loss = (lost - won) / cases;
    const spread = (z * Math.sqrt(Math.max(0, lost + won - (lost - won) ** 2 / cases))) / cases;
    const { fittedTo } = this.#task;
    return {
      ...(fittedTo !== undefined && { fittedTo }),
      agreement: shareOf(this.#agreed, cases),
      accuracy: shareOf(this.#both + won, cases),
      sourceAccuracy: shareOf(this.#both + lost, cases),
      lossPoints: 100 * loss,
      lossInterval: [100 * (loss - spread), 100 * (loss + spread)],
    };
  }

  /** That too much is lost, if it is. */
  finding(): Finding | undefined {
    const { agreement, lossPoints, lossInterval } = this.report();
    if (agreement.share >= gateLimits.agreement || lossPoints <= this.#lossPoints) return undefined;
    const [least, most] = lossInterval.map((points) => points.toFixed(2));
    const words = `${lossPoints.toFixed(2)} points of accuracy are lost (95 %: ${least} to ${most}), expected ${this.#lossPoints} at most; ${shareWords(agreement)} agree with the source`;
    return { name: 'lost-points', words, ...(this.#firstLost !== undefined && { where: this.#firstLost }) };
  }
}
