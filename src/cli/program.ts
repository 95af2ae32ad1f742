/** The programs that the package puts on PATH. */
export type ProgramName = 'identity-install' | 'identity-rollback' | 'identity';
