import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { inCluster, type Cluster } from '../cluster.ts';
import { run } from '../commands.ts';
import { asArray, asObject, asText, parseJsonObject } from '../json.ts';

/** Settings of the kernel that a kubelet changes for the whole machine. */
const sysctls = [
  'vm.overcommit_memory',
  'vm.panic_on_oom',
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.keys.root_maxkeys',
  'kernel.keys.root_maxbytes',
] as const;

/** Folders that the nodes mount over. They must exist on the machine itself. */
export const mountPoints = [
  '/run/netns',
  '/var/lib/kubelet',
  '/var/lib/containerd',
  '/var/lib/cni',
  '/var/log/pods',
  '/var/log/containers',
  '/etc/cni/net.d',
  '/etc/cni',
] as const;

const recordFile = (cluster: Cluster): string => inCluster(cluster, 'machine.json');

/** Remembers what the machine was like, once, before the first node changes it. */
export async function rememberMachine(cluster: Cluster): Promise<void> {
  if (existsSync(recordFile(cluster))) return;
  const settings: Record<string, string> = {};
  for (const name of sysctls) settings[name] = await readSysctl(name);
  const absent = mountPoints.filter((folder) => !existsSync(folder));
  await mkdir(cluster.folder, { recursive: true });
  await writeFile(recordFile(cluster), JSON.stringify({ sysctls: settings, absent }));
}

/** Puts the machine back to what it was. */
export async function restoreMachine(cluster: Cluster): Promise<void> {
  if (!existsSync(recordFile(cluster))) return;
  const record = parseJsonObject(await readFile(recordFile(cluster), 'utf8'));
  for (const [name, value] of Object.entries(asObject(record['sysctls']))) {
    if ((await readSysctl(name)) !== asText(value)) await run('sysctl', ['-qw', `${name}=${asText(value)}`]);
  }
  for (const folder of asArray(record['absent']).map(asText)) await removeMountPoint(folder);
}

/** What of the remembered settings has another value now. */
export async function changedSysctls(cluster: Cluster): Promise<string[]> {
  if (!existsSync(recordFile(cluster))) return [];
  const record = parseJsonObject(await readFile(recordFile(cluster), 'utf8'));
  const changed: string[] = [];
  for (const [name, value] of Object.entries(asObject(record['sysctls']))) {
    const current = await readSysctl(name);
    if (current !== asText(value)) changed.push(`${name} is ${current}, was ${asText(value)}`);
  }
  return changed;
}

const readSysctl = async (name: string): Promise<string> =>
  (await readFile(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8')).trim();

async function removeMountPoint(folder: string): Promise<void> {
  // Somebody else may have put something there meanwhile; then it is theirs.
  if ((await readdir(folder).catch(() => ['gone'])).length > 0) return;
  // `ip netns add` mounts this folder onto itself and leaves it so.
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  const mounted = mounts.split('\n').filter((line) => line.split(' ')[1] === folder).length;
  for (let count = 0; count < mounted; count += 1) await run('umount', [folder]);
  await rmdir(folder).catch(() => undefined);
}
