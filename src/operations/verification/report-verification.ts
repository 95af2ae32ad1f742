import { isUnused, withSession } from '../../engine/session.ts';
import { requireHome } from '../../inspection/verify/require-home.ts';
import {
  verify,
  verifyIdentities,
  type VerifyRequest,
  type VerifyRun,
} from '../../inspection/verify/verify.ts';
import { publishVerification } from '../reports/publish-verification.ts';
import type { OperationContext } from '../context.ts';

/**
 * Verifies identities and publishes the protocol's `verify` report of each, where its pack expects
 * it (docs/apply-and-rollback.md). Recovers an interrupted operation first, like every command that
 * writes.
 *
 * @throws InstallError as `verify`; E_HOME_READ_ONLY
 */
export async function reportVerification(
  context: OperationContext,
  request: VerifyRequest,
): Promise<VerifyRun> {
  requireHome(context);
  if (isUnused(context)) return await verify(context, request);
  return await withSession(context, (session) =>
    verifyIdentities(context, request, (record, compared) =>
      publishVerification(context, session, record, compared),
    ),
  );
}
