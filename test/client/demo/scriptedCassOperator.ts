import { decodeCustom } from '#core/live/decode/custom.ts';
import { listAt, numberAt, objectAt, textAt, timeAt, type JsonObject } from '#core/json.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { isPodReady, recordOf, timeText, type KubeObject } from '#client/cluster/demo/simulation/objects.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { workloadManifest } from '#test/support/liveManifests.ts';
import { CassandraGame } from './cassandraGame.ts';
import { cassOperatorSets } from './ringSets.ts';
import type { RingWanted } from './simulatedRing.ts';

const namespace = 'shop';
const taskKind = apiResource('control.k8ssandra.io', 'v1alpha1', 'CassandraTask');
const RESTARTED = 'control.k8ssandra.io/restartedAt';
const STATUS = 'control.k8ssandra.io/status';
const OPERATOR = 'cass-operator-controller-manager';

/**
 * The part of cass-operator that restarts, by its source: one task at a time, StatefulSet after StatefulSet by an annotation of the template,
 * going by their status alone. A test tells it what it does wrong. The datacenter and its StatefulSets are those of the simulation.
 */
export class ScriptedCassOperator {
  readonly game: CassandraGame;
  /** It is alive and does nothing. */
  isIdle = false;
  /** It dies after it has annotated so many StatefulSets. */
  diesAfter = Number.POSITIVE_INFINITY;
  /** It calls tasks complete and failed without having done anything. */
  isFailing = false;
  /** It calls tasks complete without having done anything. */
  isLying = false;
  /** It takes two pods of a rack at once. */
  takesTwo = false;
  /** It finds no rack of any name, and takes them all. */
  takesAll = false;
  /** Tasks that it loses before it begins. */
  loses = 0;
  /** The most tasks that were open at once. */
  mostOpen = 0;
  /** StatefulSets in the order in which they were annotated. */
  readonly annotated: string[] = [];
  readonly created = new Set<string>();
  readonly #unreadySince = new Map<string, number>();
  #isDead = false;

  private constructor(game: CassandraGame) {
    this.game = game;
    game.kept.serve(taskKind);
    this.setAlive(true);
    game.ring.customs = () => this.tasks().flatMap((task) => decodeCustom(taskKind)(task) ?? []);
    this.#every();
  }

  static async begin(wanted: RingWanted): Promise<ScriptedCassOperator> {
    const game = await CassandraGame.begin({ ...wanted, sets: cassOperatorSets });
    return new ScriptedCassOperator(game);
  }

  setAlive(isAlive: boolean): void {
    const details = {
      image: 'ghcr.io/k8ssandra/cass-operator:v1.32.0',
      ready: isAlive ? 1 : 0,
      env: [{ name: 'WATCH_NAMESPACE', value: '' }],
    };
    this.game.kept.put(workloadManifest('Deployment', OPERATOR, { namespace: 'cass-operator' }, details));
    this.#isDead = !isAlive;
  }

  tasks(): readonly JsonObject[] {
    return this.game.kept.objectsOf(taskKind);
  }

  task(): JsonObject {
    const [task] = this.tasks();
    if (!task) throw new Error('There is no task.');
    return task;
  }

  /** Somebody has labelled the StatefulSets anew. */
  relabel(label: string): void {
    for (const set of this.#sets()) {
      const labels = { ...set.metadata.labels, 'cassandra.datastax.com/rack': label };
      this.#put({ ...set, metadata: { ...set.metadata, labels } });
    }
  }

  setPartition(partition: number): void {
    for (const set of this.#sets()) {
      const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition } };
      this.#put({ ...set, spec: { ...recordOf(set['spec']), updateStrategy } });
    }
  }

  setDatacenter(change: (datacenter: KubeObject) => KubeObject): void {
    const { store } = this.game.ring.simulation.world;
    const found = store.get(kindNamed('CassandraDatacenter'), namespace, 'dc1');
    if (!found) throw new Error('There is no datacenter.');
    store.put(kindNamed('CassandraDatacenter'), change(found));
  }

  #every(): void {
    this.#round();
    this.game.clock.after(2000, () => this.#every());
  }

  #round(): void {
    const open = this.tasks().filter((task) => timeAt(task, 'status', 'completionTime') === undefined);
    for (const task of this.tasks()) this.created.add(textAt(task, 'metadata', 'name'));
    this.mostOpen = Math.max(this.mostOpen, open.length);
    if (this.#isDead) return;
    this.#deleteStuck();
    if (this.isIdle) return;
    const active = open.find((task) => textAt(task, 'metadata', 'labels', STATUS) === 'active') ?? open[0];
    if (!active) return;
    if (textAt(active, 'metadata', 'labels', STATUS) === 'active') this.#goOn(active);
    else if (this.loses > 0) this.#lose(active);
    else this.#begin(active);
  }

  /** Pods that have not been ready for ten minutes. */
  #deleteStuck(): void {
    const { world } = this.game.ring.simulation;
    const now = this.game.clock.now();
    for (const pod of world.pods(namespace)) {
      if (isPodReady(pod) || pod.metadata.deletionTimestamp !== undefined) this.#unreadySince.delete(pod.metadata.uid);
      else if (now - (this.#unreadySince.get(pod.metadata.uid) ?? now) > 600_000) world.deletePod(pod);
      else this.#unreadySince.set(pod.metadata.uid, this.#unreadySince.get(pod.metadata.uid) ?? now);
    }
  }

  #lose(task: JsonObject): void {
    this.loses -= 1;
    this.game.kept.remove('CassandraTask', textAt(task, 'metadata', 'name'), namespace);
  }

  #begin(task: JsonObject): void {
    const now = timeText(this.game.clock.now());
    const conditions = [{ type: 'Running', status: 'True' }];
    this.#write(task, 'active', { startTime: now, active: 1, conditions });
  }

  #goOn(task: JsonObject): void {
    if (this.isFailing) return this.#end(task, 2);
    if (this.isLying) return this.#end(task, 0);
    const [job] = listAt(task, 'spec', 'jobs');
    const rack = textAt(job, 'args', 'rack');
    const startTime = textAt(task, 'status', 'startTime');
    const sets = this.#sets();
    const own = sets.filter(({ metadata }) => metadata.labels?.['cassandra.datastax.com/rack'] === rack);
    for (const set of own.length > 0 && !this.takesAll ? own : sets) {
      if (textAt(set, 'spec', 'template', 'metadata', 'annotations', RESTARTED) !== startTime)
        return this.#annotate(set, startTime);
      if (!isRolled(set)) return;
    }
    this.#end(task, 0);
  }

  #annotate(set: KubeObject, startTime: string): void {
    const template = objectAt(set, 'spec', 'template');
    const metadata = objectAt(template, 'metadata');
    const annotations = { ...objectAt(metadata, 'annotations'), [RESTARTED]: startTime };
    const spec = { ...recordOf(set['spec']), template: { ...template, metadata: { ...metadata, annotations } } };
    const generation = (set.metadata.generation ?? 1) + 1;
    this.#put({ ...set, metadata: { ...set.metadata, generation }, spec });
    this.annotated.push(set.metadata.name);
    if (this.annotated.length >= this.diesAfter) this.setAlive(false);
    if (!this.takesTwo) return;
    const { world } = this.game.ring.simulation;
    for (const ordinal of [0, 1]) {
      const pod = world.pod(namespace, `${set.metadata.name}-${ordinal}`);
      if (pod) world.deletePod(pod);
    }
  }

  #end(task: JsonObject, failed: number): void {
    const conditions = [
      { type: 'Complete', status: 'True' },
      { type: 'Running', status: 'False' },
      ...(failed > 0 ? [{ type: 'Failed', status: 'True', message: `${failed} pods failed during processing` }] : []),
    ];
    const end = { completionTime: timeText(this.game.clock.now()), active: 0, failed, conditions };
    this.#write(task, 'completed', { ...objectAt(task, 'status'), ...end });
  }

  #write(task: JsonObject, label: string, status: JsonObject): void {
    const metadata = objectAt(task, 'metadata');
    const labels = { ...objectAt(metadata, 'labels'), [STATUS]: label, 'cassandra.datastax.com/cluster': 'catalog' };
    this.game.kept.put({ ...task, metadata: { ...metadata, labels }, status });
  }

  #sets(): readonly KubeObject[] {
    const { store } = this.game.ring.simulation.world;
    return store
      .list(kindNamed('StatefulSet'), namespace)
      .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  #put(set: KubeObject): void {
    this.game.ring.simulation.world.store.put(kindNamed('StatefulSet'), set);
  }
}

function isRolled(set: KubeObject): boolean {
  const count = (name: string): number => numberAt(set, 'status', name) ?? -1;
  const replicas = numberAt(set, 'spec', 'replicas') ?? 0;
  return (
    textAt(set, 'status', 'currentRevision') === textAt(set, 'status', 'updateRevision') &&
    count('updatedReplicas') === replicas &&
    count('readyReplicas') === replicas &&
    count('observedGeneration') === (set.metadata.generation ?? 1)
  );
}
