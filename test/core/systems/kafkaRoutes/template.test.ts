import { describe, expect, it } from 'vitest';
import { textAt, valueAt, type JsonObject } from '#core/json.ts';
import type { RunRecord } from '#core/operations/model.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import type { KafkaOperation } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { planKafkaRestart, restartRefusal } from '#core/systems/kafka/operations/planRestart.ts';
import { restartProcedureOf } from '#core/systems/kafka/operations/restartOf.ts';
import { isRollingOut, type StatefulSetNow } from '#core/operations/statefulSetNow.ts';
import { statefulSet } from '../../../support/liveObjects.ts';
import { kafkaPod, SimulatedKafka, verdicts, type SimulatedNode } from './simulatedKafka.ts';

const operation: KafkaOperation<'restart'> = {
  refusal: restartRefusal,
  plan: (wish, { data, ...ports }) => planKafkaRestart(data, wish, ports),
  procedure: restartProcedureOf,
};

const wish: RestartWish = { operation: 'restart', level: 'fully replicated' };
const nodes: readonly SimulatedNode[] = [0, 1, 2].map((nodeId) => ({
  name: `kafka-${nodeId}`,
  nodeId,
  role: 'broker',
}));
const address = {
  group: 'apps',
  version: 'v1',
  plural: 'statefulsets',
  namespaced: true,
  namespace: 'prod',
  name: 'kafka',
};

/** A StatefulSet with its controller, which restarts pods by itself when it may, and evictions that end in new pods. */
class Plain {
  readonly kafka: SimulatedKafka;
  revision = 'kafka-2';
  /** Pods that the controller took, not we. */
  readonly rolled: string[] = [];

  constructor(strategy: object, metadata: object = {}, revisions: readonly string[] = []) {
    let isFirst = true;
    this.kafka = new SimulatedKafka(nodes, ({ nodeId }, name, uid) =>
      kafkaPod(
        name,
        {
          uid,
          labels: {
            app: 'kafka',
            'kafka.broker.id': String(nodeId),
            'controller-revision-hash': isFirst ? (revisions[nodeId] ?? 'kafka-1') : this.revision,
          },
          ownerReferences: [
            { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'kafka', uid: 'uid-set', controller: true },
          ],
        },
        'apache/kafka:4.1.0',
      ),
    );
    isFirst = false;
    this.kafka.cluster.put({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'kafka', namespace: 'prod', uid: 'uid-set', generation: 1, ...metadata },
      spec: {
        replicas: 3,
        serviceName: 'kafka',
        selector: { matchLabels: { app: 'kafka' } },
        template: { spec: { containers: [{ name: 'kafka', image: 'apache/kafka:4.1.0' }] } },
        updateStrategy: strategy,
      },
      status: {
        readyReplicas: 3,
        updatedReplicas: revisions.filter((one) => one === this.revision).length,
        currentRevision: 'kafka-1',
        updateRevision: this.revision,
        observedGeneration: 1,
      },
    });
    const evict = this.kafka.cluster.evict.bind(this.kafka.cluster);
    this.kafka.cluster.evict = async (pod, options) => {
      await evict(pod, { ...options, dryRun: true });
      if (options?.dryRun !== true) this.kafka.take(pod.name);
    };
  }

  /** The controller looks every second. */
  control(): void {
    this.kafka.every(1000, () => void this.look());
  }

  private async look(): Promise<void> {
    const set = await this.kafka.cluster.get(address);
    const pods = await this.kafka.cluster.list({ ...address, group: '', plural: 'pods' });
    const older = pods.filter((pod) => textAt(pod, 'metadata', 'labels', 'controller-revision-hash') !== this.revision);
    if (textAt(set, 'spec', 'updateStrategy', 'type') !== 'RollingUpdate') return;
    const partition = Number(valueAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0);
    const next = older
      .map((pod) => textAt(pod, 'metadata', 'name'))
      .findLast((name) => Number(name.slice(6)) >= partition);
    if (next === undefined || pods.length < 3) return;
    this.rolled.push(next);
    this.kafka.take(next);
  }

  async strategy(): Promise<unknown> {
    return valueAt(await this.kafka.cluster.get(address), 'spec', 'updateStrategy');
  }

  async setStrategy(updateStrategy: JsonObject): Promise<void> {
    await this.kafka.cluster.mergePatch(address, { spec: { updateStrategy } });
  }

  async run(more: Parameters<SimulatedKafka['run']>[2] = {}, wanted: Partial<RestartWish> = {}): Promise<RunRecord> {
    return this.kafka.run(operation, await this.kafka.plan(operation, { ...wish, ...wanted }), more);
  }
}

const staged = { type: 'RollingUpdate', rollingUpdate: { partition: 3 } };
const notesOf = ({ steps }: RunRecord): readonly string[] => steps.flatMap(({ notes }) => notes);

describe('a template that is pending', () => {
  it('is rolled in our order, one at a time, and the strategy of before is put back with its partition', async () => {
    const plain = new Plain(staged);
    plain.control();
    const seen = new Set<string>();
    const record = await plain.run({
      during: () => void plain.strategy().then((strategy) => seen.add(textAt(strategy, 'type'))),
    });
    expect(record.state).toEqual({ kind: 'done' });
    expect(record.plan.steps.map(({ id }) => id)).toEqual([
      'hold-kafka',
      'kafka-1',
      'kafka-0',
      'kafka-2',
      'restore-kafka',
    ]);
    expect(plain.kafka.taken).toEqual(['kafka-1', 'kafka-0', 'kafka-2']);
    expect([...seen]).toContain('OnDelete');
    expect(await plain.strategy()).toEqual(staged);
    expect([plain.rolled, plain.kafka.breaches]).toEqual([[], []]);
    expect(record.steps.find(({ id }) => id === 'hold-kafka')?.memory).toEqual({ before: JSON.stringify(staged) });
  });

  it('needs consent, and names what is left behind', async () => {
    const plain = new Plain(staged);
    const plan = await plain.kafka.plan(operation, { ...wish, only: ['kafka-0'] });
    expect(verdicts(plan)).toMatchObject({ template: 'consent', 'update-strategy': 'holds' });
    expect(plan.preconditions.find(({ id }) => id === 'template')?.evidence).toContain(
      'It stays at OnDelete afterwards, because kafka-1, kafka-2 will be left behind',
    );
    expect(plan.needsTypedName).toBe(true);
  });

  it('stays at OnDelete when pods are left behind, and the run after puts back what was', async () => {
    const plain = new Plain(staged);
    plain.control();
    const first = await plain.run({}, { only: ['kafka-0'] });
    expect(first.state).toEqual({ kind: 'done' });
    expect(await plain.strategy()).toEqual({ type: 'OnDelete' });
    expect(notesOf(first).join()).toContain('kafka stays at OnDelete (older template: kafka-1, kafka-2)');
    const second = await plain.run({}, { pendingOnly: true });
    expect(second.plan.steps.map(({ id }) => id)).toEqual(['kafka-1', 'kafka-2', 'restore-kafka']);
    expect(second.state).toEqual({ kind: 'done' });
    expect(await plain.strategy()).toEqual(staged);
    expect([plain.rolled, plain.kafka.breaches]).toEqual([[], []]);
  });

  it.each(['cancel', 'stop'] as const)(
    'is left at OnDelete after %s, because the controller would go on alone',
    async (how) => {
      const plain = new Plain(staged);
      plain.control();
      if (how === 'stop') plain.kafka.broken.add(1);
      const control = { wish: 'run' as 'run' | 'cancel' };
      const record = await plain.run({
        control,
        during: () => {
          if (how === 'cancel' && plain.kafka.taken.length === 1) control.wish = 'cancel';
        },
      });
      expect(record.state.kind).toBe(how === 'cancel' ? 'cancelled' : 'stopped');
      expect(plain.kafka.taken).toEqual(['kafka-1']);
      expect(await plain.strategy()).toEqual({ type: 'OnDelete' });
      expect(notesOf(record).join()).toContain('its controller would restart pods by itself');
      await plain.kafka.clock.pass(60_000);
      expect(plain.rolled).toEqual([]);
    },
  );

  it('has its strategy put back when it is cancelled after the last pod', async () => {
    const plain = new Plain(staged);
    const control = { wish: 'run' as 'run' | 'cancel' };
    const record = await plain.run({
      control,
      during: () => {
        if (plain.kafka.taken.length === 3) control.wish = 'cancel';
      },
    });
    expect(record.state.kind).toBe('cancelled');
    expect(await plain.strategy()).toEqual(staged);
  });

  it('stops before the next pod when somebody sets RollingUpdate meanwhile', async () => {
    const plain = new Plain(staged);
    let isUndone = false;
    const record = await plain.run({
      during: () => {
        if (isUndone || plain.kafka.taken.length === 0) return;
        isUndone = true;
        void plain.setStrategy({ type: 'RollingUpdate', rollingUpdate: { partition: 3 } });
      },
    });
    expect(record.state).toMatchObject({ kind: 'stopped' });
    expect(record.state.kind === 'stopped' && record.state.reason).toContain(
      'has set the update strategy of kafka back',
    );
    expect(plain.kafka.taken).toEqual(['kafka-1']);
  });

  it('stops when the template changes once more', async () => {
    const plain = new Plain(staged);
    const record = await plain.run({
      during: () => {
        if (plain.kafka.taken.length === 1 && plain.revision === 'kafka-2') {
          plain.revision = 'kafka-3';
          void plain.kafka.cluster.mergePatch(address, { status: { updateRevision: 'kafka-3' } });
        }
      },
    });
    expect(record.state.kind).toBe('stopped');
    expect(plain.kafka.taken).toEqual(['kafka-1']);
  });

  it('only where it is pending, when that is the wish, and in the order that was chosen', async () => {
    const plain = new Plain(staged, {}, ['kafka-1', 'kafka-2', 'kafka-1']);
    const plan = await plain.kafka.plan(operation, { ...wish, pendingOnly: true, order: ['kafka-2', 'kafka-0'] });
    expect(plan.steps.map(({ id }) => id)).toEqual(['hold-kafka', 'kafka-2', 'kafka-0', 'restore-kafka']);
    expect(verdicts(plan)['order']).toBe('warns');
    await expect(plain.kafka.plan(operation, { ...wish, order: ['kafka-7'] })).rejects.toThrow('kafka-7');
  });

  it('needs no step where the strategy is OnDelete already', async () => {
    const plain = new Plain({ type: 'OnDelete' });
    const record = await plain.run();
    expect(record.plan.steps.map(({ id }) => id)).toEqual(['kafka-1', 'kafka-0', 'kafka-2']);
    expect(record.state).toEqual({ kind: 'done' });
    expect(await plain.strategy()).toEqual({ type: 'OnDelete' });
  });

  it('cannot be planned while the controller rolls it out', async () => {
    const plain = new Plain({ type: 'RollingUpdate', rollingUpdate: { partition: 0 } });
    const plan = await plain.kafka.plan(operation, wish);
    expect(plan.preconditions.find(({ id }) => id === 'template')).toMatchObject({ state: 'fails' });
    expect(plan.preconditions.find(({ id }) => id === 'template')?.fix).toContain('Wait until it is over');
  });

  it('fails without the right to hold it', async () => {
    const plain = new Plain(staged);
    plain.kafka.cluster.isForbidden = ({ verb, resource }) => verb === 'patch' && resource === 'statefulsets';
    expect(verdicts(await plain.kafka.plan(operation, wish))['update-strategy']).toBe('fails');
  });

  it.each([
    ['a label of Argo CD', { labels: { 'argocd.argoproj.io/instance': 'kafka' } }],
    ['an annotation of Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'kafka:apps/StatefulSet' } }],
    ['a label of Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'kafka' } }],
    ['a release of Flux', { labels: { 'helm.toolkit.fluxcd.io/name': 'kafka' } }],
    ['what Argo CD wrote', { managedFields: [{ manager: 'argocd-controller', operation: 'Apply', fieldsV1: {} }] }],
    ['what Flux wrote', { managedFields: [{ manager: 'kustomize-controller', operation: 'Apply', fieldsV1: {} }] }],
    ['what the Helm controller wrote', { managedFields: [{ manager: 'helm-controller', operation: 'Update' }] }],
  ])('that is kept elsewhere, as told by %s, needs consent', async (_, metadata) => {
    const plain = new Plain(staged, metadata);
    expect(verdicts(await plain.kafka.plan(operation, wish))['gitops']).toBe('consent');
  });

  it('that people apply by hand needs none', async () => {
    const plain = new Plain(staged, { managedFields: [{ manager: 'kubectl-client-side-apply', operation: 'Update' }] });
    expect(verdicts(await plain.kafka.plan(operation, wish))).not.toHaveProperty('gitops');
  });
});

describe('whether the controller is at work', () => {
  const set = (more: Partial<StatefulSetNow['workload']>): boolean =>
    isRollingOut(statefulSet('kafka', { updateRevision: 'kafka-2', updatedReplicas: 0, ...more }));

  it.each([
    ['it replaces pods', {}, true],
    ['some are left', { updatedReplicas: 2 }, true],
    ['all are new', { updatedReplicas: 3 }, false],
    ['it may not', { updateStrategy: 'OnDelete' }, false],
    ['all are below the partition', { partition: 3 }, false],
    ['one above the partition is left', { partition: 2 }, true],
    ['those above the partition are new', { partition: 2, updatedReplicas: 1 }, false],
    ['ordinals begin at 10, and all are below the partition', { partition: 13, firstOrdinal: 10 }, false],
    ['nothing is new', { updateRevision: 'kafka-1' }, false],
  ])('%s', (_, more, isAtWork) => {
    expect(set(more)).toBe(isAtWork);
  });
});
