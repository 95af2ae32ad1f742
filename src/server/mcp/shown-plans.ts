import { InstallError } from '../../core/errors.ts';
import type { InstallRequest } from '../../operations/install/request.ts';
import type { RollbackRequest } from '../../operations/rollback/request.ts';

/**
 * The request for which a client was shown a plan, without the flag that only shows it; by digest.
 */
interface Shown<Request> {
  remember(digest: string, request: Request): void;
  /** @throws InstallError E_PLAN_UNKNOWN */
  recall(digest: string): Request;
}

/** The plans that this server has shown. */
export interface ShownPlans {
  readonly install: Shown<InstallRequest>;
  readonly rollback: Shown<RollbackRequest>;
}

export function createShownPlans(): ShownPlans {
  return {
    install: createShown('Call identity_plan_install, and apply the planDigest that it returns.'),
    rollback: createShown('Call identity_rollback with ref alone, and apply its planDigest.'),
  };
}

/** The oldest is forgotten: even after many plans, a client needs only the latest ones. */
const mostPlans = 256;

function createShown<Request>(remedy: string): Shown<Request> {
  const requests = new Map<string, Request>();
  return {
    remember(digest, request) {
      requests.delete(digest);
      requests.set(digest, request);
      const [oldest] = requests.keys();
      if (requests.size > mostPlans && oldest !== undefined) requests.delete(oldest);
    },
    recall(digest) {
      const request = requests.get(digest);
      if (request !== undefined) return request;
      throw new InstallError('E_PLAN_UNKNOWN', `This server has not shown a plan ${digest}.`, {
        remedy,
        details: { planDigest: digest },
      });
    },
  };
}
