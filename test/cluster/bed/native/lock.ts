import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { until } from '../commands.ts';
import { clustersFolder, type Cluster } from '../cluster.ts';

/** As long as a cold start may take on a busy machine. */
const patience = 30 * 60;

/**
 * Lets one program at a time change a cluster; others wait. Two that start it at once would each believe that the
 * processes of the other are not theirs. The lock of a program that was killed does not count.
 */
export async function withLock<T>(cluster: Cluster, work: () => Promise<T>): Promise<T> {
  const file = path.join(clustersFolder(), `${cluster.name}.lock`);
  mkdirSync(clustersFolder(), { recursive: true, mode: 0o700 });
  await until(`the program that changes ${cluster.name} (${file})`, patience, async () => take(file), 500);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  if (existsSync(file) && !existsSync(`/proc/${readFileSync(file, 'utf8')}`)) rmSync(file, { force: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
