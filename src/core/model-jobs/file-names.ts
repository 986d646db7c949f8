import type { JobRequest } from '../../ports/job-request.ts';
import { fileOption, jobKinds } from './job-kinds.ts';

/** What a request calls the files that it needs, each once. */
export function fileNames({ kind, source, options }: JobRequest): readonly string[] {
  const ofSource = typeof source === 'object' ? Object.values(source.files) : [];
  const ofOptions = Object.entries(options)
    .filter(([name]) => jobKinds[kind]?.options[name] === fileOption)
    .flatMap(([, value]) => String(value));
  return [...new Set([...ofSource, ...ofOptions])];
}
