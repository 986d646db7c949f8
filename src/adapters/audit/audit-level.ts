/** Of which calls there are lines in the audit log: of those that were denied, of all, or of none. */
export const auditLevels = ['denied', 'all', 'off'] as const;

export type AuditLevel = (typeof auditLevels)[number];
