import type {
  LiveBudget,
  LiveClaim,
  LiveCustom,
  LiveService,
  NamespaceObjects,
  PodVolume,
} from '#core/live/objects.ts';
import type { LiveMember } from '#core/live/model.ts';
import { cassandraKinds } from '#core/systems/cassandra/kinds.ts';
import type { NodeSet } from '#core/systems/cassandra/live/nodeSets.ts';
import { textAt } from '#core/systems/cassandra/live/reading.ts';

type Labels = Readonly<Record<string, string>>;

/** Labels of the pods that are there, and of those the templates would make. */
const labelSets = (sets: readonly NodeSet[]): readonly Labels[] =>
  sets.flatMap(({ workload, pods }) => [
    ...(workload ? [workload.templateLabels] : []),
    ...pods.map(({ meta }) => meta.labels),
  ]);

/** An empty selector is not taken for one that matches everything: it may stand for expressions that are not kept. */
function selects(selector: Labels, labels: readonly Labels[]): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && labels.some((one) => wanted.every(([key, value]) => one[key] === value));
}

export function servicesOf({ services }: NamespaceObjects, sets: readonly NodeSet[]): readonly LiveService[] {
  const labels = labelSets(sets);
  const governing = new Set(sets.flatMap(({ workload }) => (workload?.serviceName ? [workload.serviceName] : [])));
  return services.filter(({ meta, selector }) => governing.has(meta.name) || selects(selector, labels));
}

export function budgetsOf({ budgets }: NamespaceObjects, sets: readonly NodeSet[]): readonly LiveBudget[] {
  const labels = labelSets(sets);
  return budgets.filter(({ selector }) => selects(selector, labels));
}

/** Claims that pods use, and those of pods that are gone: a StatefulSet leaves them behind. */
export function claimsOf({ claims }: NamespaceObjects, sets: readonly NodeSet[]): readonly LiveClaim[] {
  const used = new Set(sets.flatMap(({ pods }) => pods.flatMap(({ volumes }) => targets(volumes, 'claim'))));
  const prefixes = sets.flatMap(({ name, workload }) =>
    (workload?.claimTemplates ?? []).map((template) => `${template}-${name}-`),
  );
  return claims.filter(
    ({ meta }) =>
      used.has(meta.name) ||
      prefixes.some((prefix) => meta.name.startsWith(prefix) && /^\d+$/.test(meta.name.slice(prefix.length))),
  );
}

export function namedByPods(sets: readonly NodeSet[], source: 'configMap' | 'secret'): readonly string[] {
  const kind = source === 'configMap' ? 'ConfigMap' : 'Secret';
  const names = sets.flatMap(({ workload, pods }) => [
    ...targets(workload?.volumes ?? [], source),
    ...pods.flatMap(({ volumes, references }) => [
      ...targets(volumes, source),
      ...references.filter((reference) => reference.kind === kind).map(({ name }) => name),
    ]),
  ]);
  return [...new Set(names)].filter((name) => name !== '' && name !== 'kube-root-ca.crt').toSorted();
}

const targets = (volumes: readonly PodVolume[], source: PodVolume['source']): readonly string[] =>
  volumes.filter((volume) => volume.source === source).map(({ target }) => target);

/** Where a resource names the ring it is for. `owner` names what stands above: a K8ssandraCluster. */
const REFERENCES: Readonly<Record<string, readonly { readonly to: 'resource' | 'owner'; readonly path: string }[]>> = {
  'control.k8ssandra.io/CassandraTask': [{ to: 'resource', path: 'datacenter.name' }],
  'control.k8ssandra.io/ScheduledTask': [{ to: 'resource', path: 'taskDetails.datacenter.name' }],
  'control.k8ssandra.io/K8ssandraTask': [{ to: 'owner', path: 'cluster.name' }],
  'reaper.k8ssandra.io/Reaper': [{ to: 'resource', path: 'datacenterRef.name' }],
  'medusa.k8ssandra.io/MedusaBackup': [{ to: 'resource', path: 'cassandraDatacenter' }],
  'medusa.k8ssandra.io/MedusaBackupJob': [{ to: 'resource', path: 'cassandraDatacenter' }],
  'medusa.k8ssandra.io/MedusaBackupSchedule': [{ to: 'resource', path: 'backupSpec.cassandraDatacenter' }],
  'medusa.k8ssandra.io/MedusaRestoreJob': [{ to: 'resource', path: 'cassandraDatacenter' }],
  'medusa.k8ssandra.io/MedusaTask': [{ to: 'resource', path: 'cassandraDatacenter' }],
  'db.orange.com/CassandraBackup': [{ to: 'resource', path: 'cassandraCluster' }],
  'db.orange.com/CassandraRestore': [{ to: 'resource', path: 'cassandraCluster' }],
  'cassandraoperator.instaclustr.com/CassandraBackup': [
    { to: 'resource', path: 'cdc' },
    { to: 'resource', path: 'datacenter' },
  ],
};

/** Groups whose resources are for the same kind of ring. */
const FAMILIES: readonly (readonly string[])[] = [
  ['cassandra.datastax.com', 'control.k8ssandra.io', 'k8ssandra.io', 'reaper.k8ssandra.io', 'medusa.k8ssandra.io'],
];

/** Tasks, backups and whatever else is for this ring or owned by it, by kind then name. */
export function customsOf(
  { customs }: NamespaceObjects,
  resource: LiveCustom | undefined,
  ownerName: string,
): readonly LiveCustom[] {
  if (!resource) return [];
  const found = customs.filter((custom) => custom !== resource && isFor(custom, resource, ownerName));
  return found.toSorted((a, b) =>
    a.customKind === b.customKind ? (a.meta.name < b.meta.name ? -1 : 1) : a.customKind < b.customKind ? -1 : 1,
  );
}

function isFor(custom: LiveCustom, resource: LiveCustom, ownerName: string): boolean {
  if (!cassandraKinds.some(({ group, kind }) => group === custom.group && kind === custom.customKind)) return false;
  if (custom.meta.owners.some(({ uid }) => uid === resource.meta.uid)) return true;
  if (!isSameFamily(custom.group, resource.group)) return false;
  if (custom.customKind === 'K8ssandraCluster') return custom.meta.name === ownerName;
  if (custom.customKind === 'CassandraCluster' && custom.group === 'cassandraoperator.instaclustr.com') {
    return textAt(resource.spec, 'cluster') === custom.meta.name;
  }
  const references = REFERENCES[`${custom.group}/${custom.customKind}`] ?? [];
  return references.some(({ to, path }) => {
    const name = textAt(custom.spec, ...path.split('.'));
    return name !== '' && name === (to === 'owner' ? ownerName : resource.meta.name);
  });
}

const isSameFamily = (a: string, b: string): boolean =>
  a === b || FAMILIES.some((groups) => groups.includes(a) && groups.includes(b));

/** The version most members run; empty when none is known. */
export function commonVersion(members: readonly LiveMember[]): string {
  const counts = new Map<string, number>();
  for (const { version } of members) if (version !== '') counts.set(version, (counts.get(version) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}
