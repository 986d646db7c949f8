import type { Run, Session } from '../../ports/session.ts';
import type { FormFigures } from './form-figures.ts';

/** A form of a model that is to be measured. */
export interface MeasuredForm {
  readonly path: string;
  readonly bytes: number;
  readonly isPrepared: boolean;
}

const loads = 3;
const runsOfEach = 10;
// Of a model that takes long, few runs tell enough, but the best of a few: one may be held up.
const leastTurns = 4;
const mostMs = 6000;

/** The best figures of both forms on one run, taken in turns: what disturbs one disturbs the other. */
export async function measureForms(
  open: (path: string, isPrepared: boolean) => Promise<Session>,
  forms: { readonly plain: MeasuredForm; readonly prepared: MeasuredForm },
  run: Run,
): Promise<{ readonly plain: FormFigures; readonly prepared: FormFigures }> {
  let plain = unmeasured(forms.plain.bytes);
  let prepared = unmeasured(forms.prepared.bytes);
  const started = performance.now();
  for (let load = 0; load < loads && performance.now() - started < mostMs; load += 1) {
    const sessions: Session[] = [];
    const tryOut = async ({ path, isPrepared }: MeasuredForm, best: FormFigures): Promise<FormFigures> => {
      const loading = performance.now();
      const session = await open(path, isPrepared);
      const loadMs = performance.now() - loading;
      sessions.push(session);
      return better(best, { loadMs, firstRunMs: await timed(session, run) });
    };
    try {
      plain = await tryOut(forms.plain, plain);
      prepared = await tryOut(forms.prepared, prepared);
      const [first, second] = sessions as [Session, Session];
      for (let turn = 0; turn < runsOfEach; turn += 1) {
        if (turn >= leastTurns && performance.now() - started > mostMs) break;
        plain = better(plain, { runMs: await timed(first, run) });
        prepared = better(prepared, { runMs: await timed(second, run) });
      }
    } finally {
      for (const session of sessions) await session.release();
    }
  }
  return { plain, prepared };
}

function unmeasured(bytes: number): FormFigures {
  const never = Number.POSITIVE_INFINITY;
  return { bytes, loadMs: never, firstRunMs: never, runMs: never };
}

function better(best: FormFigures, found: Partial<FormFigures>): FormFigures {
  const { loadMs = best.loadMs, firstRunMs = best.firstRunMs, runMs = best.runMs } = found;
  return {
    ...best,
    loadMs: Math.min(best.loadMs, loadMs),
    firstRunMs: Math.min(best.firstRunMs, firstRunMs),
    runMs: Math.min(best.runMs, runMs, firstRunMs),
  };
}

async function timed(session: Session, run: Run): Promise<number> {
  const started = performance.now();
  await session.run(run);
  return performance.now() - started;
}
