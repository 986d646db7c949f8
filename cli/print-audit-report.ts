import type { AuditReport } from '../src/adapters/audit/verify-audit.ts';
import { countOf } from './count-of.ts';
import { printTable } from './print-table.ts';
import { timeText } from './time-text.ts';

/** Prints the chains of an audit log, with their heads, and all that is wrong with them. */
export function printAuditReport({ chains, faults, open: begun }: AuditReport, models: string): void {
  if (chains.length > 0)
    printTable(
      ['CHAIN', 'LINES', 'FROM', 'TO', 'ENDED', 'HEAD'],
      chains.map(({ chain, lines, from, to, isEnded, head }) => {
        const ended = chain === 'changes' ? '-' : isEnded ? 'yes' : 'no';
        const times = [from, to].map((time) => (time === undefined ? '-' : timeText(time)));
        return [chain, String(lines), ...times, ended, head];
      }),
    );
  for (const { key, line, problem } of faults) {
    const place = key === '-' ? '' : `.audit/${key}${line === undefined ? '' : ` line ${line}`} `;
    console.error(`fault: ${place}${problem}`);
  }
  for (const { number, at, who, action, model = '', version = '' } of begun)
    console.error(
      `open: line ${number} of changes: '${[action, model, version].join(' ').trim()}' by ${who} was begun at ${at}, and no line says how it ended: it is under way, or was cut off, done or not`,
    );
  const lines = chains.reduce((sum, each) => sum + each.lines, 0);
  const open = chains.filter(({ chain, isEnded }) => chain !== 'changes' && !isEnded).length;
  if (faults.length > 0) console.error(`the audit log of ${models} is not whole: ${countOf(faults.length, 'fault')}`);
  else if (chains.length === 0)
    console.error(`there is no audit log in ${models}: no command has changed anything yet, or it was removed`);
  else
    console.log(`the audit log of ${models} is whole: ${countOf(lines, 'line')} in ${countOf(chains.length, 'chain')}`);
  if (open > 0)
    console.log(
      `${open === 1 ? '1 chain of calls has' : `${open} chains of calls have`} no end: what wrote it runs, or was killed. Keep the heads elsewhere, and give them with --expect: what is removed from the end of a chain is found by that alone`,
    );
}
