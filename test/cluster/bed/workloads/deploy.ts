import { setTimeout as sleep } from 'node:timers/promises';
import { inProject } from '../../../../scripts/editor/paths.mjs';
import { applyObjects, kubectl, serverSide, tryKubectl, type Access } from '../kubectl.ts';
import type { DriverName } from '../mark.ts';
import type { Progress } from '../progress.ts';
import { seedCassandra } from './seedCassandra.ts';
import { seedKafka, seedSecuredKafka } from './seedKafka.ts';
import { ensureTlsSecret } from './tlsSecret.ts';

/** A system that runs in the bed: a sample of the product, an overlay that makes it small, and data. */
interface Workload {
  readonly statefulSets: readonly string[];
  /** What the sample expects to be there already. */
  readonly prepare?: (access: Access) => Promise<void>;
  readonly seed: (access: Access) => Promise<void>;
}

/** By namespace, which is also the name of the overlay's folder. */
const workloads = {
  kafka: { statefulSets: ['kafka'], seed: seedKafka },
  cassandra: { statefulSets: ['cassandra'], seed: seedCassandra },
  'kafka-secured': {
    statefulSets: ['kafka-controllers', 'kafka-brokers'],
    prepare: ensureTlsSecret,
    seed: seedSecuredKafka,
  },
} as const satisfies Record<string, Workload>;

export type WorkloadName = keyof typeof workloads;

/** What `up` brings when nothing is named. */
export const defaultWorkloads: readonly WorkloadName[] = ['kafka', 'cassandra'];
export const isWorkload = (name: string): name is WorkloadName => Object.hasOwn(workloads, name);
export const workloadNames = Object.keys(workloads);

/** Applies the samples, waits for them and puts data into them; all again does nothing. */
export async function deployWorkloads(
  access: Access,
  driver: DriverName,
  names: readonly WorkloadName[],
  { stage }: Progress,
): Promise<void> {
  // All at once: while Cassandra's members wait for each other, Kafka starts.
  for (const name of names) await applyWorkload(access, driver, name);
  await Promise.all(
    names.map(async (name) => {
      await stage(`${name} ready`, () => waitForWorkload(access, name));
      await stage(`${name} data`, () => seed(access, name));
    }),
  );
}

/** After a restart of everything, pods look ready for some moments before their nodes report; then a try fails. */
async function seed(access: Access, name: WorkloadName): Promise<void> {
  const tries = 4;
  for (let left = tries - 1; left > 0; left -= 1) {
    try {
      await workloads[name].seed(access);
      return;
    } catch {
      await sleep(10_000);
      await waitForWorkload(access, name);
    }
  }
  await workloads[name].seed(access);
}

/** The workloads that the cluster has. */
export async function deployedWorkloads(access: Access): Promise<WorkloadName[]> {
  const { stdout } = await tryKubectl(access, [
    'get',
    'statefulsets',
    '-A',
    '-o',
    'jsonpath={.items[*].metadata.namespace}',
  ]);
  return [...new Set(stdout.split(' '))].filter(isWorkload);
}

async function applyWorkload(access: Access, driver: DriverName, name: WorkloadName): Promise<void> {
  const workload: Workload = workloads[name];
  await applyObjects(access, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }]);
  await workload.prepare?.(access);
  const overlay = inProject('test', 'cluster', 'bed', 'workloads', 'overlays', driver, name);
  // The overlay lies outside of the samples' folder, which kustomize refuses unless told.
  const manifests = await kubectl(access, ['kustomize', '--load-restrictor=LoadRestrictionsNone', overlay]);
  await kubectl(access, ['apply', ...serverSide, '-f', '-'], { input: manifests });
}

async function waitForWorkload(access: Access, name: WorkloadName): Promise<void> {
  const sets = workloads[name].statefulSets.map((set) => `statefulset/${set}`);
  for (const set of sets) await kubectl(access, ['-n', name, 'rollout', 'status', set, '--timeout=600s']);
}
