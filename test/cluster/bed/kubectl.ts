import path from 'node:path';
import process from 'node:process';
import { kubeconfigOf, type Cluster } from './cluster.ts';
import { run, tryRun, type Output, type RunOptions } from './commands.ts';
import { binariesFolder } from './native/binaries.ts';

/** Runs the kubectl of the cluster's own version against it; throws when it fails. */
export async function kubectl(cluster: Cluster, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const program = await kubectlProgram(cluster);
  return run(program, args, { ...options, env: kubectlEnvironment(cluster, options) });
}

/** The same for a call that may fail. */
export async function tryKubectl(cluster: Cluster, args: readonly string[], options: RunOptions = {}): Promise<Output> {
  const program = await kubectlProgram(cluster);
  return tryRun(program, args, { ...options, env: kubectlEnvironment(cluster, options) });
}

/** Brings objects to the cluster. Server-side, because a large definition does not fit into an annotation. */
export async function applyObjects(cluster: Cluster, objects: readonly object[], namespace?: string): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  const where = namespace === undefined ? [] : ['--namespace', namespace];
  const how = ['--server-side', '--force-conflicts', '--field-manager=test-bed'];
  await kubectl(cluster, ['apply', ...where, ...how, '-f', '-'], { input: JSON.stringify(list) });
}

export const kubectlProgram = async (cluster: Cluster): Promise<string> =>
  path.join(await binariesFolder(cluster.minor), 'kubectl');

function kubectlEnvironment(cluster: Cluster, options: RunOptions): NodeJS.ProcessEnv {
  return { ...(options.env ?? process.env), KUBECONFIG: kubeconfigOf(cluster) };
}
