import process from 'node:process';
import { run, tryRun, type Output, type RunOptions } from './commands.ts';

/** How to reach one cluster. Nothing here depends on who made it. */
export interface Access {
  /** The kubectl program, of a version that fits the cluster. */
  readonly program: string;
  readonly kubeconfig: string;
}

/** Runs kubectl; throws when it fails. */
export async function kubectl(access: Access, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return run(access.program, args, withKubeconfig(access, options));
}

/** The same for a call that may fail. */
export async function tryKubectl(access: Access, args: readonly string[], options: RunOptions = {}): Promise<Output> {
  return tryRun(access.program, args, withKubeconfig(access, options));
}

/** Server-side, because a large definition does not fit into an annotation. */
export const serverSide = ['--server-side', '--force-conflicts', '--field-manager=test-bed'] as const;

/** Brings objects to the cluster. */
export async function applyObjects(access: Access, objects: readonly object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  await kubectl(access, ['apply', ...serverSide, '-f', '-'], { input: JSON.stringify(list) });
}

const withKubeconfig = (access: Access, options: RunOptions): RunOptions => ({
  ...options,
  env: { ...(options.env ?? process.env), KUBECONFIG: access.kubeconfig },
});
