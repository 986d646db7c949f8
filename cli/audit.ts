import { Command, InvalidArgumentError } from 'commander';
import type { AuditFilter, AuditLine } from '../src/adapters/audit/list-audit.ts';
import { checkRepository } from './check-repository.ts';
import { dayOption } from './day-option.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { printAuditReport } from './print-audit-report.ts';
import { printTable } from './print-table.ts';
import { timeOption } from './time-option.ts';
import { timeText } from './time-text.ts';

interface VerifyOptions {
  readonly models: string;
  readonly expect: readonly string[];
  readonly from?: string;
  readonly json: boolean;
}

interface ListOptions extends AuditFilter {
  readonly models: string;
  readonly json: boolean;
}

/** Of a detail in the table. */
const mostLetters = 40;

/** `tensorgate audit`: who changed what, who called what, and whether that record is whole. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('the audit log of a model repository: changes, calls that were denied, and calls')
    .addCommand(
      new Command('verify')
        .description('check that no line was removed, changed or moved, and print the heads of the chains')
        .addOption(modelsOption())
        .option('--expect <hash>', 'a head that was kept elsewhere, which must be there; repeat for more', hashes, [])
        .option(
          '--from <day>',
          'the first day of UTC of which calls are kept, where older ones were deleted',
          dayOption,
        )
        .addOption(jsonOption())
        .action(verify),
    )
    .addCommand(
      new Command('list')
        .description('print lines of it: changes, then calls by day and host')
        .addOption(modelsOption())
        .option('--who <name>', 'of this key, user or principal')
        .option('--model <name>', 'of this model')
        .option('--action <name>', 'of this action, such as promote, or call or denied')
        .option(
          '--from <day>',
          'from this day of UTC on, such as 2026-11-29, or from this time on, such as 2026-11-29T06:00:00Z',
          timeOption,
        )
        .option('--to <day>', 'up to this day of UTC, and with it, or to before this time', timeOption)
        .addOption(jsonOption())
        .addHelpText('after', '\nMORE has long details cut short: --json prints each line as it is stored.')
        .action(list),
    );
}

async function verify({ models, expect, from, json }: VerifyOptions): Promise<void> {
  const { verifyAudit } = await import('../src/adapters/audit/verify-audit.ts');
  const report = await verifyAudit(await openAudit(models), { heads: expect, from });
  if (json) console.log(JSON.stringify(report, null, 2));
  else printAuditReport(report, models);
  if (report.faults.length > 0 || report.chains.length === 0) process.exitCode = 1;
}

async function list({ models, json, ...filter }: ListOptions): Promise<void> {
  const { listAudit } = await import('../src/adapters/audit/list-audit.ts');
  const { canonicalJson } = await import('../src/adapters/audit/canonical-json.ts');
  const rows: string[][] = [];
  for await (const line of listAudit(await openAudit(models), filter)) {
    if (json) console.log(canonicalJson(line));
    else rows.push(rowOf(line));
  }
  if (json) return;
  if (rows.length === 0) console.log(`no such lines in the audit log of ${models}`);
  else printTable(['AT', 'WHO', 'WHAT', 'MODEL', 'VERSION', 'MORE'], rows);
}

function rowOf({ at, who, action, kind, model, version, status, ms, why, details }: AuditLine): string[] {
  const more = [
    status !== undefined && `status ${status}`,
    ms !== undefined && `${ms} ms`,
    kind === 'begun' && 'begun: no line says how it ended',
    kind === 'failed' && `failed: ${why}`,
    kind !== 'failed' && why,
    details && detailWords(details),
  ];
  const cells = [timeText(at), who ?? '-', action ?? kind, model ?? '-', version ?? '-'];
  return [...cells.map(String), more.filter(Boolean).join(', ')];
}

/** Each cut short: whole they would make the table unreadable. */
function detailWords(details: object): string {
  const told = Object.entries(details).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${name} ${text.length > mostLetters ? `${text.slice(0, mostLetters - 1)}…` : text}`;
  });
  return told.join(', ');
}

async function openAudit(models: string) {
  await checkRepository(models);
  const { openRepositoryFolder } = await import('../src/adapters/open-repository-folder.ts');
  return openRepositoryFolder(models, '.audit');
}

function hashes(text: string, before: readonly string[]): readonly string[] {
  if (/^[0-9a-f]{64}$/.test(text)) return [...before, text];
  throw new InvalidArgumentError('Expected a SHA-256 of 64 hexadecimal digits, as tensorgate audit verify prints it.');
}
