import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem, type JsonObject, type WriteOptions } from '#core/live/ports.ts';
import type { Plan, PlannedStep } from '#core/operations/model.ts';
import { planNodeDrain } from '#core/operations/nodeDrain/planNodeDrain.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { SystemOperations, SystemTable } from '#core/operations/systemOperations.ts';
import { missingJournalRights, targetOf } from '#core/operations/target.ts';
import type { NodeDrainWish } from '#core/operations/wishes.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { statefulSet } from '#test/support/liveObjects.ts';

/** A cluster of which a test says what it answers to evictions. */
export class NodeCluster extends FakeCluster {
  onEvict: (pod: string, isDryRun: boolean) => void = () => undefined;
  readonly evicted: string[] = [];

  constructor() {
    super();
    this.serve(apiResource('', 'v1', 'PersistentVolume', { namespaced: false }));
    this.put(node('node-1', { zone: 'a' }), node('node-2', { zone: 'b' }), node('node-3', { zone: 'c' }));
  }

  override async evict(
    pod: { readonly namespace: string; readonly name: string; readonly uid: string },
    options: WriteOptions = {},
  ): Promise<void> {
    const name = `${pod.namespace}/${pod.name}`;
    this.onEvict(name, options.dryRun === true);
    await super.evict(pod, options);
    if (options.dryRun !== true) this.evicted.push(name);
  }
}

export function node(
  name: string,
  { zone = '', isReady = true, taints = [], pods = '110' }: NodeTraits = {},
  unschedulable = false,
): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone } },
    spec: { ...(unschedulable ? { unschedulable } : {}), taints },
    status: {
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
      allocatable: { cpu: '4', memory: '8Gi', pods },
    },
  };
}

export interface NodeTraits {
  readonly zone?: string;
  readonly isReady?: boolean;
  readonly taints?: readonly JsonObject[];
  readonly pods?: string;
}

export interface PodTraits {
  readonly namespace?: string;
  readonly node?: string;
  readonly owner?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly phase?: string;
  readonly isReady?: boolean;
  readonly spec?: JsonObject;
}

/** A pod of a ReplicaSet on the first node, unless a test says otherwise; an empty owner is none. */
export function nodePod(name: string, traits: PodTraits = {}): JsonObject {
  const {
    namespace = 'default',
    node: nodeName = 'node-1',
    owner = 'ReplicaSet',
    labels = {},
    annotations = {},
  } = traits;
  const references =
    owner === '' ? [] : [{ apiVersion: 'apps/v1', kind: owner, name: 'x', uid: 'x', controller: true }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, annotations, ownerReferences: references },
    spec: { nodeName, containers: [{ name: 'main', image: 'x' }], ...traits.spec },
    status: {
      phase: traits.phase ?? 'Running',
      conditions: [{ type: 'Ready', status: traits.isReady === false ? 'False' : 'True' }],
    },
  };
}

export interface ClusterTraits {
  readonly system?: DataCluster['system'];
  readonly flavour?: string;
  readonly roles?: readonly LiveMember['role'][];
}

/** A data cluster whose members are `NAME-0` and so on. */
export function dataCluster(name: string, traits: ClusterTraits = {}): DataCluster {
  const { system = 'kafka', flavour = 'kubernetes', roles = ['broker', 'broker', 'broker'] } = traits;
  return {
    key: `${system}/prod/${name}`,
    system,
    flavour,
    namespace: 'prod',
    name,
    resource: undefined,
    owner: undefined,
    members: roles.map((role, index) => ({
      name: `${name}-${index}`,
      role,
      pod: undefined,
      index,
      rack: '',
      group: '',
      container: 'main',
      version: '',
    })),
    wanted: roles.length,
    version: '',
    workloads: [statefulSet(name)],
    services: [],
    claims: [],
    budgets: [],
    customs: [],
    configMaps: [],
    secrets: [],
  };
}

/** A system that restarts what is its own, and refuses flavours that an operator runs. */
function fakeOperations(procedure: (plan: Plan) => Procedure = unused): SystemOperations {
  return {
    offers: ({ flavour, name }) => [
      flavour === 'kubernetes'
        ? { operation: 'restart' }
        : { operation: 'restart', refusal: `${name} is run by an operator.` },
    ],
    async plan(wish, { data, cluster, clock, id }) {
      if (wish.operation !== 'restart') throw new ClusterProblem('invalid', 'not here');
      if (data.name === 'broken') throw new ClusterProblem('unreachable', 'No broker answers.');
      if (data.name === 'whole') throw new ClusterProblem('invalid', 'All of whole are restarted or none.');
      const target = await targetOf(data, cluster, undefined);
      const missing = await missingJournalRights(target, cluster);
      return {
        format: 1,
        id,
        operation: 'restart',
        title: 'Restart',
        target,
        madeAt: clock.now(),
        parameters: { level: wish.level },
        preconditions: [
          { id: 'journal', title: 'Journal', state: missing.length > 0 ? 'consent' : 'holds', evidence: missing },
          { id: 'in-sync', title: 'In sync', state: 'holds', evidence: [] },
        ],
        steps: bracketed(data.name === 'held', (wish.only ?? []).map(restartStep)),
        risks: ['It may take long.'],
        needsTypedName: false,
      };
    },
    undertake: (plan) => ({ procedure: procedure(plan), close: async () => undefined }),
  };
}

const restartStep = (pod: string): PlannedStep => ({
  id: pod,
  title: `Restart ${pod}`,
  member: pod,
  gate: 'all others are in sync',
  effect: 'it is restarted',
  done: 'it is in sync',
  expectedMs: 1000,
  parameters: { kind: 'restart', pod },
});

/** With steps around them that take nobody out. */
function bracketed(isHeld: boolean, steps: readonly PlannedStep[]): readonly PlannedStep[] {
  const plain = (id: string): PlannedStep => ({
    id,
    title: id,
    gate: 'always',
    effect: 'a controller is told',
    done: 'it has heard',
    expectedMs: 1000,
    parameters: { kind: id },
  });
  return isHeld ? [plain('hold'), ...steps, plain('release')] : steps;
}

function unused(): never {
  throw new Error('Nothing is run here.');
}

export function planDrain(
  cluster: FakeCluster,
  clusters: readonly DataCluster[] = [],
  wish: Partial<NodeDrainWish> = {},
  systems: SystemTable = { kafka: fakeOperations() },
): Promise<Plan> {
  const ports = { clusters, cluster, clock: new FakeClock(), id: 'plan', systems };
  return planNodeDrain({ node: 'node-1', emptyDir: 'keep', ...wish }, ports);
}
