import { describe, expect, it } from 'vitest';
import { textAt, type JsonObject } from '#core/json.ts';
import type { RunRecord } from '#core/operations/model.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import { confluentRestart } from '#core/systems/kafka/operations/confluent/restart.ts';
import { workloadManifest } from '../../../support/liveManifests.ts';
import { kafkaPod, SimulatedKafka, verdicts, type SimulatedNode } from './simulatedKafka.ts';

const ROLL = 'kafkacluster-manual-roll';
const wish: RestartWish = { operation: 'restart', level: 'fully replicated' };
const group = 'platform.confluent.io';

const nodes: readonly SimulatedNode[] = [
  ...[0, 1, 2].map((nodeId) => ({ name: `kafka-${nodeId}`, nodeId, role: 'broker' as const })),
  ...[0, 1, 2].map((place) => ({ name: `kraft-${place}`, nodeId: 9990 + place, role: 'controller' as const })),
];

/** The operator as it is documented: another value of the annotation, and it restarts everything, the highest number first. */
class Confluent {
  readonly kafka: SimulatedKafka;
  isDead = false;
  /** It does not wait for a pod before it takes the next one. */
  isHasty = false;
  private readonly done = new Map<string, string>([
    ['kafka', 'before'],
    ['kraft', ''],
  ]);
  private readonly queue: string[] = [];

  constructor() {
    this.kafka = new SimulatedKafka(nodes, ({ role }, name, uid) => {
      const owner = role === 'broker' ? 'kafka' : 'kraft';
      const ownerReferences = [{ kind: 'StatefulSet', name: owner, uid: `uid-set-${owner}`, controller: true }];
      return kafkaPod(name, { uid, labels: { app: owner }, ownerReferences }, 'confluentinc/cp-server:7.9.0');
    });
    for (const [kind, name] of Object.entries({ Kafka: 'kafka', KRaftController: 'kraft' })) {
      this.kafka.cluster.put(
        {
          apiVersion: `${group}/v1beta1`,
          kind,
          metadata: { name, namespace: 'prod', uid: `uid-${name}`, generation: 1 },
          spec: {
            replicas: 3,
            ...(kind === 'Kafka'
              ? {
                  dependencies: { kRaftController: { clusterRef: { name: 'kraft' } } },
                  podTemplate: { annotations: { [ROLL]: 'before', other: 'kept' } },
                }
              : {}),
          },
          status: { phase: 'RUNNING', observedGeneration: 1 },
        },
        {
          apiVersion: 'apps/v1',
          kind: 'StatefulSet',
          metadata: {
            name,
            namespace: 'prod',
            uid: `uid-set-${name}`,
            ownerReferences: [{ kind, name, uid: `uid-${name}`, controller: true }],
          },
          spec: { replicas: 3, selector: { matchLabels: { app: name } }, updateStrategy: { type: 'OnDelete' } },
          status: { readyReplicas: 3, updatedReplicas: 3, currentRevision: 'a', updateRevision: 'a' },
        },
      );
    }
    this.setOperator(1);
    this.kafka.every(5000, () => void this.look());
  }

  setOperator(ready: number): void {
    const details = { image: 'confluentinc/confluent-operator:0.1193.1', args: ['--namespaces=prod'], ready };
    this.kafka.cluster.put(workloadManifest('Deployment', 'confluent-operator', { namespace: 'confluent' }, details));
    this.isDead = ready === 0;
  }

  address(name: string): Parameters<SimulatedKafka['cluster']['get']>[0] {
    const plural = name === 'kafka' ? 'kafkas' : 'kraftcontrollers';
    return { group, version: 'v1beta1', plural, namespaced: true, namespace: 'prod', name };
  }

  async change(name: string, patch: JsonObject): Promise<void> {
    await this.kafka.cluster.mergePatch(this.address(name), patch);
  }

  private async look(): Promise<void> {
    if (this.isDead) return;
    for (const [name, before] of this.done) {
      const object = await this.kafka.cluster.get(this.address(name));
      const value = textAt(object, 'spec', 'podTemplate', 'annotations', ROLL);
      if (value === before || textAt(object, 'metadata', 'annotations', `${group}/maintenance-mode`) !== '') continue;
      this.done.set(name, value);
      this.queue.push(...[2, 1, 0].map((ordinal) => `${name}-${ordinal}`));
    }
    const isWhole = this.kafka.nodes.every(({ nodeId }) => !this.kafka.isOut(nodeId));
    for (const name of ['kafka', 'kraft']) {
      const isRolling = this.queue.some((pod) => pod.startsWith(name)) || !isWhole;
      await this.change(name, { status: { phase: isRolling ? 'PROVISIONING' : 'RUNNING' } });
    }
    if (!isWhole && !this.isHasty) return;
    const next = this.queue.shift();
    if (next !== undefined) this.kafka.take(next);
  }

  async run(more: Parameters<SimulatedKafka['run']>[2] = {}, wanted: Partial<RestartWish> = {}): Promise<RunRecord> {
    return this.kafka.run(confluentRestart, await this.kafka.plan(confluentRestart, { ...wish, ...wanted }), more);
  }
}

const controllers = ['kraft-2', 'kraft-1', 'kraft-0'];
const brokers = ['kafka-2', 'kafka-1', 'kafka-0'];
const notesOf = ({ steps }: RunRecord): readonly string[] => steps.flatMap(({ notes }) => notes);

describe('the restart of a cluster of Confluent for Kubernetes', () => {
  it('asks for the controllers, awaits them, then for the brokers, and leaves the pods alone', async () => {
    const confluent = new Confluent();
    const record = await confluent.run();
    expect(record.state).toEqual({ kind: 'done' });
    expect(record.plan.steps.map(({ id }) => id)).toEqual(['roll-KRaftController-kraft', 'roll-Kafka-kafka']);
    expect([confluent.kafka.taken, confluent.kafka.breaches]).toEqual([[...controllers, ...brokers], []]);
    const writes = confluent.kafka.cluster.writes.filter(({ address }) => address.plural === 'pods');
    expect(writes).toEqual([]);
    const annotations = (await confluent.kafka.cluster.get(confluent.address('kafka')))['spec'];
    expect(annotations).toMatchObject({ podTemplate: { annotations: { [ROLL]: 'plan-1', other: 'kept' } } });
  });

  it('needs consent, because the operator cannot be held back', async () => {
    const plan = await new Confluent().kafka.plan(confluentRestart, wish);
    const found = verdicts(plan);
    expect(Object.entries(found).filter(([, state]) => state !== 'holds')).toEqual([['unguarded', 'consent']]);
    expect(plan.needsTypedName).toBe(true);
    expect(plan.steps.some(({ member }) => member !== undefined)).toBe(false);
  });

  it('asks for one resource, and never for a part of one', async () => {
    const confluent = new Confluent();
    expect((await confluent.run({}, { only: brokers })).state).toEqual({ kind: 'done' });
    expect(confluent.kafka.taken).toEqual(brokers);
    const some: RestartWish = { ...wish, only: ['kafka-1'] };
    await expect(confluent.kafka.plan(confluentRestart, some)).rejects.toThrow(
      'restarts all pods of Kafka kafka or none',
    );
    await expect(confluent.kafka.plan(confluentRestart, { ...wish, pendingOnly: true })).rejects.toThrow('by itself');
  });

  it('says when the operator took two at once', async () => {
    const confluent = new Confluent();
    confluent.isHasty = true;
    const record = await confluent.run({}, { only: brokers });
    expect(notesOf(record).join()).toContain('2 nodes were seen out at once; the operator decides that');
  });

  it('pauses when the operator dies in the middle, and is gone on with', async () => {
    const confluent = new Confluent();
    const first = await confluent.run({
      during: () => confluent.kafka.taken.length === 4 && !confluent.isDead && confluent.setOperator(0),
    });
    expect(first.state.kind).toBe('paused');
    expect(first.state.kind === 'paused' && first.state.reason).toContain(
      'confluent/confluent-operator has 0 of 1 ready',
    );
    confluent.setOperator(1);
    const second = await confluent.kafka.run(confluentRestart, first.plan, { earlier: first });
    expect(second.state).toEqual({ kind: 'done' });
    expect(confluent.kafka.taken).toEqual([...controllers, ...brokers]);
  });

  it('stops at a pod that does not start again, and says that the operator is on its own', async () => {
    const confluent = new Confluent();
    confluent.kafka.broken.add(2);
    const record = await confluent.run({}, { only: brokers });
    expect(record.state).toMatchObject({ kind: 'stopped' });
    expect(notesOf(record).join()).toContain('goes on with kafka by its own rules');
  });

  it('stops when somebody takes the annotation away', async () => {
    const confluent = new Confluent();
    const record = await confluent.run({
      during: () => {
        if (confluent.kafka.taken.length === 1)
          void confluent.change('kraft', { spec: { podTemplate: { annotations: { [ROLL]: null } } } });
      },
    });
    expect(record.state).toMatchObject({ kind: 'stopped' });
    expect(record.state.kind === 'stopped' && record.state.reason).toContain('one more restart of all its pods');
  });

  it('ends after the resource that is under way when it is cancelled', async () => {
    const confluent = new Confluent();
    const control = { wish: 'run' as 'run' | 'cancel' };
    const during = (): void => void (control.wish = confluent.kafka.taken.length > 0 ? 'cancel' : 'run');
    expect((await confluent.run({ control, during })).state).toEqual({ kind: 'cancelled' });
    expect(confluent.kafka.taken).toEqual(controllers);
  });

  it('is refused in maintenance mode, of the resource and of a pod', async () => {
    const confluent = new Confluent();
    expect(confluentRestart.refusal(await confluent.kafka.data())).toBeUndefined();
    await confluent.change('kafka', { metadata: { annotations: { [`${group}/maintenance-mode`]: 'true' } } });
    expect(confluentRestart.refusal(await confluent.kafka.data())).toContain('maintenance mode');
    const other = new Confluent();
    const address = { group: '', version: 'v1', plural: 'pods', namespaced: true, namespace: 'prod', name: 'kafka-1' };
    await other.kafka.cluster.mergePatch(address, { metadata: { annotations: { [`${group}/maintenance-mode`]: '' } } });
    expect(confluentRestart.refusal(await other.kafka.data())).toContain('maintenance mode');
  });

  it.each([
    ['it is not RUNNING', 'resource', 'fails', { status: { phase: 'PROVISIONING' } }],
    [
      'a condition is false',
      'resource',
      'fails',
      { status: { conditions: [{ type: `${group}/cluster-ready`, status: 'False', reason: 'URP' }] } },
    ],
    ['Flux keeps it', 'gitops', 'consent', { metadata: { labels: { 'kustomize.toolkit.fluxcd.io/name': 'kafka' } } }],
  ])('does not begin, or asks, when %s', async (_, id, verdict, patch) => {
    const confluent = new Confluent();
    await confluent.kafka.clock.pass(100);
    await confluent.change('kafka', patch);
    expect(verdicts(await confluent.kafka.plan(confluentRestart, wish))[id]).toBe(verdict);
  });
});
