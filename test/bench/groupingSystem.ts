import type { WatchedSystem } from '#core/live/liveSystems.ts';
import type { LiveMember } from '#core/live/model.ts';
import type { LivePod } from '#core/live/objects.ts';

/** The least that a system can do: pods by their label `app`. It shows what the session itself costs. */
export const groupingSystem: WatchedSystem = {
  id: 'kafka',
  title: 'Kafka',
  kinds: [],
  live: {
    gather: ({ namespace, pods, workloads, services, claims }) => {
      const byApp = groupBy(pods, ({ meta }) => meta.labels['app'] ?? '');
      const claimsByApp = groupBy(claims, ({ meta }) => meta.labels['app'] ?? '');
      const servicesByName = groupBy(services, ({ meta }) => meta.name);
      return workloads.map((workload) => ({
        key: `kafka/${namespace}/${workload.meta.name}`,
        system: 'kafka',
        flavour: 'kubernetes',
        namespace,
        name: workload.meta.name,
        resource: undefined,
        owner: undefined,
        members: (byApp.get(workload.meta.name) ?? []).map(toMember),
        wanted: workload.replicas,
        version: '4.1.0',
        workloads: [workload],
        services: servicesByName.get(workload.meta.name) ?? [],
        claims: claimsByApp.get(workload.meta.name) ?? [],
        budgets: [],
        customs: [],
        configMaps: [],
        secrets: [],
      }));
    },
    health: ({ members, wanted }) => {
      const ready = members.filter(({ pod }) => pod?.isReady).length;
      return { level: ready === wanted ? 'healthy' : 'unhealthy', sentence: `${ready} of ${wanted}`, evidence: [] };
    },
    memberHealth: ({ pod }) => ({ level: pod?.isReady === true ? 'healthy' : 'unhealthy', sentence: '', evidence: [] }),
  },
};

function toMember(pod: LivePod): LiveMember {
  const { name } = pod.meta;
  return { name, role: 'broker', pod, index: undefined, rack: '', group: '', container: 'kafka', version: '' };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
