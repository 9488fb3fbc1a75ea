import { inProject } from '../../../../scripts/editor/paths.mjs';
import { kubectl, serverSide, type Access } from '../kubectl.ts';
import { seedCassandra } from './seedCassandra.ts';
import { seedKafka, seedSecuredKafka } from './seedKafka.ts';
import { ensureTlsSecret } from './tlsSecret.ts';
import type { Place, Workload } from './workload.ts';

interface Sample {
  readonly statefulSets: readonly string[];
  /** What the sample expects to be there already. */
  readonly prepare?: (access: Access) => Promise<void>;
  readonly seed: (access: Access) => Promise<void>;
}

/** By namespace, which is also the name of the overlay's folder. */
const samples = {
  kafka: { statefulSets: ['kafka'], seed: seedKafka },
  cassandra: { statefulSets: ['cassandra'], seed: seedCassandra },
  'kafka-secured': {
    statefulSets: ['kafka-controllers', 'kafka-brokers'],
    prepare: ensureTlsSecret,
    seed: seedSecuredKafka,
  },
} as const satisfies Record<string, Sample>;

type SampleName = keyof typeof samples;

export const sampleNames = Object.keys(samples);

/** A sample of the product, an overlay that makes it small, and data. */
export function sampleWorkload(name: SampleName): Workload {
  const sample: Sample = samples[name];
  return {
    namespace: name,
    rollouts: sample.statefulSets.map((set) => `statefulset/${set}`),
    drivers: ['native', 'kind'],
    apply: (place) => applySample(place, name, sample),
    seed: sample.seed,
  };
}

async function applySample({ access, driver }: Place, name: SampleName, { prepare }: Sample): Promise<void> {
  await prepare?.(access);
  const overlay = inProject('test', 'cluster', 'bed', 'workloads', 'overlays', driver, name);
  // The overlay lies outside of the samples' folder, which kustomize refuses unless told.
  const manifests = await kubectl(access, ['kustomize', '--load-restrictor=LoadRestrictionsNone', overlay]);
  await kubectl(access, ['apply', ...serverSide, '-f', '-'], { input: manifests });
}
