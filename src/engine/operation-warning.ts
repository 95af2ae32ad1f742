export interface OperationWarning {
  readonly code:
    | 'EDITED_AFTER_SWAP'
    | 'CHANGED_DURING_APPLY'
    | 'LATE_BYTES'
    | 'DIRECTORY_KEPT'
    | 'LINK_NOT_IN_SNAPSHOT'
    | 'OTHER_NAMES_KEPT'
    | 'REPORT_NOT_PUBLISHED'
    | 'LEDGER_TORN';
  readonly path: string;
  readonly message: string;
}
