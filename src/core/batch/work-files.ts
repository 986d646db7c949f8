/** Names, in a job's folder, of what one shard leaves: its part of the results (without the ending), and what is merged into the job's own files when all are done. */
export function workFiles(shard: number): { readonly part: string; readonly errors: string; readonly report: string } {
  const number = String(shard).padStart(5, '0');
  return {
    part: `part-${number}`,
    errors: `${workFolder}errors-${number}.jsonl`,
    report: `${workFolder}shard-${number}.json`,
  };
}

/** What a job needs until its report is there. */
export const workFolder = '.work/';
