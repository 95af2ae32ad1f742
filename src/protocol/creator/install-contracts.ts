import type { PackDescription } from './pack-options.ts';
import { placeOf } from './places.ts';

/**
 * The rules for an installer of this pack (docs/protocol.md#install-safety).
 */
export function installContracts(pack: PackDescription): Record<string, unknown> {
  return {
    install_safety_contract: {
      required: true,
      preserve_existing_default: true,
      on_conflict: 'abort_and_explain',
      idempotent_reinstall_allowed: true,
      same_signature_action: 'no_op_with_report',
      allow_replace_only_with_backup: true,
      rollback_reference_required: true,
      install_report_required: true,
      dry_run_required: true,
      install_report_path_pattern: placeOf('installSafety', pack).pattern,
    },
  };
}
