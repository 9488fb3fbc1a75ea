import { FLAT_POLICIES } from '#core/systems/tfjob/rules/moveToRunPolicy.ts';
import { lose, put, type Draft, type MigrationJob } from '#core/migrate/job.ts';
import type { Migration } from '#core/migrate/migration.ts';
import { pruneUnknown } from '#core/migrate/prune.ts';
import { runRowsInPlace, type FieldRow } from '#core/migrate/rows.ts';
import {
  entriesOf,
  entryAt,
  entryOf,
  itemsOf,
  leaf,
  listOf,
  mapOf,
  numberOf,
  putAt,
  renameAt,
  takeAt,
  textOf,
  treeAt,
  type Entry,
  type MapTree,
  type Tree,
} from '#core/migrate/tree.ts';

const CURRENT = 'kubeflow.org/v1';
const OLD_VERSIONS = ['v1alpha1', 'v1alpha2', 'v1beta1', 'v1beta2'];
const CONTAINER = 'tensorflow';
const PORT_NAME = 'tfjob-port';

/** Roles as they were called, in any case. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ['master', 'Chief'],
  ['chief', 'Chief'],
  ['ps', 'PS'],
  ['worker', 'Worker'],
  ['eval', 'Evaluator'],
  ['evaluator', 'Evaluator'],
]);

const rows: readonly FieldRow[] = [
  { from: 'spec.RuntimeId', silent: true },
  { from: 'spec.runtimeId', silent: true },
  {
    from: 'spec.replicaSpecs',
    to: 'spec.tfReplicaSpecs',
    make: (entry, { draft, job }) => putReplicas(entry, draft, job),
  },
  { from: 'spec.tfImage', to: 'image of every container that has none', silent: true },
  { from: 'spec.schedulerName', to: 'template.spec.schedulerName of every role', silent: true },
  { from: 'spec.terminationPolicy', to: 'the role Chief', silent: true },
  ...FLAT_POLICIES.map((name): FieldRow => ({ from: `spec.${name}`, to: `spec.runPolicy.${name}` })),
];

export const tfjobMigration: Migration = {
  from: 'tf-operator before 1.1',
  kinds: 'TFJob (kubeflow.org/v1alpha1 to v1beta2, and v1 with policies directly under spec)',
  to: 'training-operator',
  isUsual: true,
  makes: 'TFJob (v1)',
  matches: ({ group, kind, version }, source) =>
    group === 'kubeflow.org' && kind === 'TFJob' && (OLD_VERSIONS.includes(version) || isFlat(version, source)),
  rows,
  run,
};

function isFlat(version: string, source: MapTree): boolean {
  return version === 'v1' && FLAT_POLICIES.some((name) => entryAt(source, ['spec', name]));
}

function run(job: MigrationJob): void {
  const draft = job.add(job.source);
  const isOld = job.text('apiVersion') !== CURRENT;
  const [tfImage, scheduler] = [job.value('spec.tfImage'), job.value('spec.schedulerName')];
  checkTermination(job, draft);
  runRowsInPlace(rows, { job, draft });
  for (const role of entriesOf(treeAt(draft.tree, ['spec', 'tfReplicaSpecs']))) {
    if (isOld) finishRole(role, job, { tfImage, scheduler });
  }
  if (isOld) nameRoles(draft);
  takeAt(job.source, ['status']);
  const hasPolicy = entryAt(draft.tree, ['spec', 'runPolicy', 'cleanPodPolicy']) !== undefined;
  // What was the default then; today nothing is kept running, and nothing is said of it either.
  if (isOld && !hasPolicy && job.text('apiVersion') !== 'kubeflow.org/v1alpha1') {
    put(draft, 'spec.runPolicy.cleanPodPolicy', leaf('Running'));
  }
  const version = entryAt(draft.tree, ['apiVersion']);
  if (version) version.value = leaf(CURRENT);
  pruneUnknown(draft, job, {}, 'kubeflow.org/v1 has no such field');
}

/** The success of which replica was that of the job: MASTER is the Chief of today, the first worker is today's rule. */
function checkTermination(job: MigrationJob, draft: Draft): void {
  const chief = job.value('spec.terminationPolicy.chief');
  if (!chief) return;
  const role = textOf(treeAt(chief, ['replicaName'])) ?? 'MASTER';
  const index = numberOf(treeAt(chief, ['replicaIndex'])) ?? 0;
  if ((role === 'MASTER' || role === 'WORKER') && index === 0) return;
  lose(
    draft,
    'spec.terminationPolicy',
    `the job ends with its Chief, or with its first Worker; ${role} ${index} cannot decide`,
  );
}

/** The list of replicas becomes a map by their role. */
function putReplicas({ value }: Entry, draft: Draft, job: MigrationJob): void {
  for (const item of value?.kind === 'list' ? value.items : []) {
    if (item.value?.kind !== 'map') continue;
    const type = textOf(takeAt(item.value, ['tfReplicaType'])?.value) ?? 'MASTER';
    const role = ROLES.get(type.toLowerCase());
    if (role === undefined) job.refuse(`nobody knows the role ${type}`);
    else if (entryAt(draft.tree, ['spec', 'tfReplicaSpecs', role])) job.refuse(`the role ${role} stands there twice`);
    else
      putAt(draft.tree, ['spec', 'tfReplicaSpecs', role], item.value, {
        ...entryOf(role, item.value),
        above: item.above,
      });
  }
}

function nameRoles(draft: Draft): void {
  const roles = treeAt(draft.tree, ['spec', 'tfReplicaSpecs']);
  for (const { name } of entriesOf(roles)) {
    const role = ROLES.get(name.toLowerCase());
    const isMaster = name === 'Master';
    if (role !== undefined && role !== name && !isMaster && !entryAt(roles, [role])) renameAt(roles, name, role);
  }
}

interface JobWide {
  readonly tfImage: Tree | undefined;
  readonly scheduler: Tree | undefined;
}

function finishRole({ name, value: role }: Entry, job: MigrationJob, { tfImage, scheduler }: JobWide): void {
  const pod = treeAt(role, ['template', 'spec']);
  if (role?.kind !== 'map' || pod?.kind !== 'map') return;
  const policy = takeAt(pod, ['restartPolicy']);
  if (policy && !entryAt(role, ['restartPolicy'])) putBefore(role, 'template', { ...policy });
  if (scheduler && !entryAt(pod, ['schedulerName'])) putAt(pod, ['schedulerName'], scheduler);
  const containers = itemsOf(treeAt(pod, ['containers']));
  nameContainer(containers, name, job);
  const main = containers.find((container) => textOf(treeAt(container, ['name'])) === CONTAINER);
  for (const container of containers) {
    if (tfImage && container.kind === 'map' && !entryAt(container, ['image'])) putAt(container, ['image'], tfImage);
  }
  const port = takeAt(role, ['tfPort']);
  if (port?.value && main?.kind === 'map') addPort(main, port.value);
}

function putBefore(map: MapTree, name: string, entry: Entry): void {
  const index = map.entries.findIndex((candidate) => candidate.name === name);
  map.entries.splice(Math.max(0, index), 0, entry);
}

/** The operator of today looks for one container by its name. */
function nameContainer(containers: readonly Tree[], role: string, job: MigrationJob): void {
  const names = containers.map((container) => textOf(treeAt(container, ['name'])));
  const [only] = containers;
  if (names.includes(CONTAINER) || only?.kind !== 'map') return;
  if (containers.length > 1) {
    job.step(`Name the container of ${role} that trains "${CONTAINER}"; the operator looks for this name.`);
    return;
  }
  const name = entryAt(only, ['name']);
  if (name) name.value = leaf(CONTAINER);
  else only.entries.unshift(entryOf('name', leaf(CONTAINER)));
}

function addPort(container: MapTree, port: Tree): void {
  const ports = itemsOf(treeAt(container, ['ports']));
  if (ports.some((known) => textOf(treeAt(known, ['name'])) === PORT_NAME)) return;
  putAt(container, ['ports'], listOf([...ports, mapOf({ containerPort: port, name: leaf(PORT_NAME) })]));
}
