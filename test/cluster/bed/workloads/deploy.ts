import { setTimeout as sleep } from 'node:timers/promises';
import { applyObjects, kubectl, tryKubectl, type Access } from '../kubectl.ts';
import type { DriverName } from '../mark.ts';
import type { GoProgramName } from '../native/goPrograms.ts';
import type { Progress } from '../progress.ts';
import { helmReleases } from './helmReleases.ts';
import { sampleWorkload } from './samples.ts';
import { spark } from './spark.ts';
import { trainer } from './trainer.ts';
import { trainingOperator } from './trainingOperator.ts';
import type { Place, Workload } from './workload.ts';

const workloads = {
  kafka: sampleWorkload('kafka'),
  cassandra: sampleWorkload('cassandra'),
  'kafka-secured': sampleWorkload('kafka-secured'),
  'training-operator': trainingOperator,
  trainer,
  helm: helmReleases,
  spark,
} as const satisfies Record<string, Workload>;

export type WorkloadName = keyof typeof workloads;

/** What `up` brings when nothing is named. */
export const defaultWorkloads: readonly WorkloadName[] = ['kafka', 'cassandra'];
export const isWorkload = (name: string): name is WorkloadName => Object.hasOwn(workloads, name);
export const workloadNames: readonly WorkloadName[] = Object.keys(workloads).filter(isWorkload);

const workloadOf = (name: WorkloadName): Workload => workloads[name];

export const runsOn = (name: WorkloadName, driver: DriverName): boolean => workloadOf(name).drivers.includes(driver);

/** The programs that must be built for these workloads. */
export const programsOf = (names: readonly WorkloadName[]): GoProgramName[] =>
  names.flatMap((name) => workloadOf(name).programs ?? []);

/** Applies the workloads, waits for them and puts data into them; all again does nothing. */
export async function deployWorkloads(
  place: Place,
  names: readonly WorkloadName[],
  { stage }: Progress,
): Promise<void> {
  // All at once: while Cassandra's members wait for each other, Kafka starts.
  await Promise.all(
    names.map(async (name) => {
      const { apply, seed } = workloadOf(name);
      await applyObjects(place.access, [namespaceOf(name)]);
      await apply(place);
      await stage(`${name} ready`, () => waitForWorkload(place.access, name));
      if (seed !== undefined) await stage(`${name} data`, () => patiently(place.access, name, seed));
    }),
  );
}

/** After a restart of everything, pods look ready for some moments before their nodes report; then a try fails. */
async function patiently(access: Access, name: WorkloadName, seed: NonNullable<Workload['seed']>): Promise<void> {
  const tries = 4;
  for (let left = tries - 1; left > 0; left -= 1) {
    try {
      await seed(access);
      return;
    } catch {
      await sleep(10_000);
      await waitForWorkload(access, name);
    }
  }
  await seed(access);
}

/** By the label on a namespace: samples that are merely tried may use the same names. */
const label = 'data-clusters.workload';

const namespaceOf = (name: WorkloadName): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: workloadOf(name).namespace, labels: { [label]: name } },
});

/** The workloads that the cluster has. */
export async function deployedWorkloads(access: Access): Promise<WorkloadName[]> {
  const path = `jsonpath={.items[*].metadata.labels.${label.replaceAll('.', String.raw`\.`)}}`;
  const { stdout } = await tryKubectl(access, ['get', 'namespaces', '-l', label, '-o', path]);
  return stdout.split(' ').filter(isWorkload);
}

async function waitForWorkload(access: Access, name: WorkloadName): Promise<void> {
  const { namespace, rollouts } = workloadOf(name);
  for (const one of rollouts) await kubectl(access, ['-n', namespace, 'rollout', 'status', one, '--timeout=600s']);
}
