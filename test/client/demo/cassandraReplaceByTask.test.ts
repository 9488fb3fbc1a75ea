import { describe, expect, test } from 'vitest';
import { textAt, valueAt, type JsonObject } from '#core/json.ts';
import type { RunRecord } from '#core/operations/model.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { workloadManifest } from '#test/support/liveManifests.ts';
import { alive, CassandraGame } from './cassandraGame.ts';
import { knownNodes, lose } from './lostNodes.ts';
import { deleteIn } from './ringDeletions.ts';
import { cassOperatorSets } from './ringSets.ts';

const taskKind = apiResource('control.k8ssandra.io', 'v1alpha1', 'CassandraTask');
const lostPod = 'catalog-dc1-r3-sts-0';

const wish = { operation: 'replace', member: lostPod, how: 'replace' } as const;

const asks = (record: RunRecord | undefined): string | undefined =>
  record?.state.kind === 'paused' ? record.state.asks?.typed : undefined;

/** The part of cass-operator that replaces nodes: it deletes claim and pod, and has the new process told whom it replaces. */
class ReplacingOperator {
  readonly game: CassandraGame;
  /** It calls the task complete, with a pod that failed. */
  isFailing = false;
  readonly created = new Set<string>();

  private constructor(game: CassandraGame) {
    this.game = game;
    game.kept.serve(taskKind);
    const details = {
      image: 'ghcr.io/k8ssandra/cass-operator:v1.32.0',
      ready: 1,
      env: [{ name: 'WATCH_NAMESPACE', value: '' }],
    };
    game.kept.put(
      workloadManifest('Deployment', 'cass-operator-controller-manager', { namespace: 'cass-operator' }, details),
    );
    this.#every();
  }

  static async begin(): Promise<ReplacingOperator> {
    const game = await CassandraGame.begin({ size: 3, racks: 3, sets: cassOperatorSets });
    return new ReplacingOperator(game);
  }

  tasks(): readonly JsonObject[] {
    return this.game.kept.objectsOf(taskKind);
  }

  #every(): void {
    for (const task of this.tasks()) this.#work(task);
    this.game.clock.after(500, () => this.#every());
  }

  #work(task: JsonObject): void {
    const { ring } = this.game;
    this.created.add(textAt(task, 'metadata', 'name'));
    const node = ring.ring.nodeOf(`shop/${lostPod}`);
    const dead = ring.ring.nodes.find(({ isLost, plan }) => isLost && plan.pod === `shop/${lostPod}`);
    if (node && dead && node !== dead && node.isNew && dead.leavingAt === undefined) {
      node.replaces = dead;
      node.tokens = dead.tokens;
    }
    if (valueAt(task, 'status') !== undefined) {
      const isBack = node !== undefined && node !== dead && ring.ring.isCqlOpen(node, this.game.clock.now());
      if (isBack && textAt(task, 'status', 'completionTime') === '')
        this.#put(task, { succeeded: 1, completionTime: '2026-01-01T00:00:00Z' });
      return;
    }
    if (this.isFailing) {
      this.#put(task, { failed: 1, completionTime: '2026-01-01T00:00:00Z' });
      return;
    }
    this.#put(task, { active: 1, startTime: '2026-01-01T00:00:00Z' });
    const place = { group: '', version: 'v1', namespaced: true, namespace: 'shop' };
    const pod = ring.simulation.world.pod('shop', lostPod);
    const [claim] = (pod?.spec.volumes ?? []).flatMap(({ persistentVolumeClaim: one }) => one ?? []);
    deleteIn(ring, { ...place, plural: 'persistentvolumeclaims', name: claim?.claimName ?? '' }, {});
    deleteIn(ring, { ...place, plural: 'pods', name: lostPod }, {});
  }

  #put(task: JsonObject, status: JsonObject): void {
    this.game.kept.put({ ...task, status });
  }
}

describe('a dead node of cass-operator', () => {
  test('is replaced by one CassandraTask for its pod, once its name was typed', async () => {
    const operator = await ReplacingOperator.begin();
    const { game } = operator;
    lose(game.ring, lostPod);
    await game.clock.pass(120_000);
    const plan = await game.plan(wish);
    expect(plan.preconditions.filter(({ state }) => state === 'fails')).toEqual([]);
    const paused = await game.toTheEnd(game.attempt(plan, 'first'));
    expect([asks(paused), operator.tasks()]).toEqual([lostPod, []]);
    const record = await game.toTheEnd(game.attempt(plan, 'second', alive(), paused, lostPod));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(operator.created.size).toBe(1);
    expect(operator.tasks()[0]).toMatchObject({
      spec: { jobs: [{ command: 'replacenode', args: { pod_name: lostPod } }] },
    });
    expect(knownNodes(game.ring)).toHaveLength(3);
    expect(game.ring.mostAway).toBe(1);
    game.end();
  });

  test('a task that fails ends the run, whatever it calls itself', async () => {
    const operator = await ReplacingOperator.begin();
    const { game } = operator;
    operator.isFailing = true;
    lose(game.ring, lostPod);
    await game.clock.pass(120_000);
    const plan = await game.plan(wish);
    const paused = await game.toTheEnd(game.attempt(plan, 'first'));
    const record = await game.toTheEnd(game.attempt(plan, 'second', alive(), paused, lostPod));
    expect(record?.state).toMatchObject({ kind: 'stopped', reason: expect.stringContaining('has failed') as unknown });
    await expect(game.plan({ ...wish, how: 'remove' })).rejects.toThrow('when its size is lowered');
    game.end();
  });
});
