import { kindNamed } from '../kinds.ts';
import { recordOf, type KubeObject } from '../objects.ts';
import type { World } from '../world.ts';

const DATACENTER = 'cassandra.datastax.com/datacenter';
const RACK = 'cassandra.datastax.com/rack';
const RESTARTED_AT = 'control.k8ssandra.io/restartedAt';

export interface WantedRestart {
  readonly namespace: string;
  readonly datacenter: string;
  /** Empty for all; so is one that no StatefulSet is labelled with. */
  readonly rack: string;
  /** When the task began: the value of the annotation. */
  readonly startTime: string;
}

/** A restart by cass-operator: StatefulSet after StatefulSet is annotated and goes by its own controller. Whether all are through. */
export function isRestarted(world: World, { namespace, datacenter, rack, startTime }: WantedRestart): boolean {
  const all = world.store
    .list(kindNamed('StatefulSet'), namespace)
    .filter(({ metadata }) => metadata.labels?.[DATACENTER] === datacenter)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const own = all.filter(({ metadata }) => metadata.labels?.[RACK] === rack);
  for (const set of own.length > 0 ? own : all) {
    if (annotationsOf(set)[RESTARTED_AT] !== startTime) {
      annotate(world, set, startTime);
      return false;
    }
    if (!isRolled(set)) return false;
  }
  return true;
}

function annotationsOf(set: KubeObject): Readonly<Record<string, unknown>> {
  return recordOf(recordOf(recordOf(recordOf(set['spec'])['template'])['metadata'])['annotations']);
}

function annotate(world: World, set: KubeObject, startTime: string): void {
  const spec = recordOf(set['spec']);
  const template = recordOf(spec['template']);
  const annotations = { ...annotationsOf(set), [RESTARTED_AT]: startTime };
  const metadata = { ...recordOf(template['metadata']), annotations };
  const generation = (set.metadata.generation ?? 1) + 1;
  world.store.put(kindNamed('StatefulSet'), {
    ...set,
    metadata: { ...set.metadata, generation },
    spec: { ...spec, template: { ...template, metadata } },
  });
}

function isRolled(set: KubeObject): boolean {
  const { currentRevision, updateRevision, updatedReplicas, readyReplicas, observedGeneration } = recordOf(
    set['status'],
  );
  const { replicas } = recordOf(set['spec']);
  return (
    currentRevision === updateRevision &&
    updatedReplicas === replicas &&
    readyReplicas === replicas &&
    observedGeneration === (set.metadata.generation ?? 1)
  );
}
