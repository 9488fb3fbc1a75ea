import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { findOnPath } from '../../../scripts/editor/commands.mjs';
import { fullCluster, kubeconfigOf } from '../bed/cluster.ts';
import { kindKubeconfig } from '../bed/kind/driver.ts';
import type { Access } from '../bed/kubectl.ts';
import { accessTo } from '../bed/native/access.ts';
import { nodeMinor } from '../bed/versions.ts';

/** Of whichever bed is there. */
function bedKubeconfig(): string {
  const native = kubeconfigOf(fullCluster(nodeMinor));
  return !existsSync(native) && existsSync(kindKubeconfig()) ? kindKubeconfig() : native;
}

/** The cluster of KUBECONFIG, or the local test bed. @throws Error when there is none */
export async function chooseAccess(): Promise<Access> {
  const bed = await accessTo(fullCluster(nodeMinor));
  const program = existsSync(bed.program) ? bed.program : findOnPath('kubectl');
  if (program === undefined) throw new Error('There is no kubectl on the PATH.');
  const named = process.env['KUBECONFIG'];
  const kubeconfig = named === undefined || named === '' ? bedKubeconfig() : path.resolve(named);
  if (existsSync(kubeconfig)) return { program, kubeconfig };
  throw new Error(`There is no ${kubeconfig}. Bring up a cluster with: npm run cluster up`);
}
