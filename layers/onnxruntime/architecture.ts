/** What Node calls the processors that Lambda has. */
export type Architecture = 'x64' | 'arm64';
