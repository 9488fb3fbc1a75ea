import type { WatchedSystem } from '#core/live/liveSystems.ts';
import type { DataCluster, InsideFacts, LiveMember, LiveSystem } from '#core/live/model.ts';
import type { LivePod, NamespaceObjects } from '#core/live/objects.ts';

/** A system whose clusters are the StatefulSets, or the custom kind `Ring`, and whose members are the pods with their label `app`. */
export class FakeSystem implements WatchedSystem {
  readonly id = 'kafka';
  readonly title = 'Kafka';
  readonly kinds = [{ group: 'rings.test', kind: 'Ring', role: 'cluster', flavour: 'ringmaster' }] as const;
  readonly gathered: string[] = [];
  /** What could not be seen when a namespace was gathered last. */
  hidden: readonly string[] = [];
  onInspect: (cluster: DataCluster) => Promise<InsideFacts> = async () => ({
    askedAt: 0,
    facts: undefined,
    problems: ['nobody was asked'],
  });
  /** Said of each cluster besides. */
  remark: (cluster: DataCluster, now: number) => string = () => '';

  readonly live: LiveSystem = {
    gather: (objects) => {
      this.gathered.push(objects.namespace);
      this.hidden = [...objects.hidden].toSorted();
      return namesIn(objects).map((name) => gather(name, objects));
    },
    health: (cluster, inside, now) => {
      const ready = cluster.members.filter(({ pod }) => pod?.isReady).length;
      const facts = inside?.facts === undefined ? '' : `, ${JSON.stringify(inside.facts)}`;
      const level = ready === cluster.wanted ? 'healthy' : 'unhealthy';
      const sentence = `${ready} of ${cluster.wanted} ready${facts}${this.remark(cluster, now)}`;
      return { level, sentence, evidence: [{ level, text: sentence, source: 'kubernetes' }] };
    },
    memberHealth: ({ pod }) => ({
      level: pod?.isReady === true ? 'healthy' : 'unhealthy',
      sentence: pod?.isReady === true ? 'ready' : 'not ready',
      evidence: [],
    }),
    inspect: (cluster) => this.onInspect(cluster),
  };
}

function namesIn({ workloads, customs }: NamespaceObjects): readonly string[] {
  const sets = workloads.filter(({ kind }) => kind === 'StatefulSet').map(({ meta }) => meta.name);
  return [...new Set([...sets, ...customs.map(({ meta }) => meta.name)])].toSorted();
}

function gather(name: string, objects: NamespaceObjects): DataCluster {
  const { namespace, claims, services, budgets, customs } = objects;
  const pods = objects.pods.filter(({ meta }) => meta.labels['app'] === name);
  const workloads = objects.workloads.filter(({ meta }) => meta.name === name);
  return {
    key: `kafka/${namespace}/${name}`,
    system: 'kafka',
    flavour: 'kubernetes',
    namespace,
    name,
    resource: customs.find(({ meta }) => meta.name === name),
    owner: undefined,
    members: pods.map(toMember),
    wanted: workloads[0]?.replicas,
    version: '4.1.0',
    workloads,
    services: services.filter(({ meta }) => meta.name === name),
    claims: claims.filter(({ meta }) => meta.labels['app'] === name),
    budgets,
    customs: [],
    configMaps: [],
    secrets: [],
  };
}

function toMember(pod: LivePod): LiveMember {
  return {
    name: pod.meta.name,
    role: 'broker',
    pod,
    index: undefined,
    rack: '',
    group: '',
    container: 'main',
    version: '',
  };
}
