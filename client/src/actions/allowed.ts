import * as vscode from 'vscode';
import type { LiveAccess } from '#client/actions/deps.ts';
import { inNotification } from '#client/ui/untrusted.ts';
import { ClusterProblem, type Cluster, type ObjectAddress } from '#core/live/ports.ts';
import {
  describeMissing,
  findMissing,
  rightsFor,
  roleManifest,
  type LiveAction,
  type MissingRight,
} from '#core/live/rights.ts';

const COPY_ROLE = 'Copy Role';

/** What an action is about to do, and to what. */
export interface Attempt {
  readonly action: LiveAction;
  readonly context: string;
  readonly address: ObjectAddress;
}

/**
 * Runs an action when the server allows it. What is missing is told in one message, with a role to copy that would give it; nothing is
 * run then, and the result is undefined.
 */
export async function withRights<Result>(
  access: LiveAccess,
  { action, context, address }: Attempt,
  run: (cluster: Cluster) => Promise<Result>,
): Promise<Result | undefined> {
  const cluster = await access.clusterOf(context);
  const rights = rightsFor(action, address);
  const missing = await findMissing(cluster, rights);
  if (missing.length > 0) {
    void tellMissing(action, missing, context);
    return undefined;
  }
  try {
    return await run(cluster);
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind !== 'forbidden') throw error;
    void tellMissing(
      action,
      rights.map((right) => ({ right, reason: error.message })),
      context,
    );
    return undefined;
  }
}

/** One message about what is missing, with a role to copy. */
export async function tellMissing(
  action: LiveAction,
  missing: readonly MissingRight[],
  context: string,
): Promise<void> {
  const choice = await vscode.window.showWarningMessage(inNotification(describeMissing(missing, context)), COPY_ROLE);
  if (choice === COPY_ROLE) await vscode.env.clipboard.writeText(roleManifest(action, missing));
}
