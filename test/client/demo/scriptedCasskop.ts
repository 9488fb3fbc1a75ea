import { decodeCustom } from '#core/live/decode/custom.ts';
import { numberAt, objectAt, textAt, type JsonObject } from '#core/json.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { recordOf, type KubeObject } from '#client/cluster/demo/simulation/objects.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { workloadManifest } from '#test/support/liveManifests.ts';
import { CassandraGame } from './cassandraGame.ts';
import { rackSets } from './ringSets.ts';
import type { RingWanted } from './simulatedRing.ts';

const namespace = 'shop';
const clusterKind = apiResource('db.orange.com', 'v2', 'CassandraCluster');
const address = { ...clusterKind, namespace, name: 'catalog' };

export const casskopSets = rackSets(
  // The simulation tells whose a pod is by its instance.
  { app: 'cassandracluster', cassandracluster: 'catalog', 'app.kubernetes.io/instance': 'catalog' },
  (rack) => `catalog-dc1-${rack}`,
  (rack) => ({
    'cassandraclusters.db.orange.com.dc': 'dc1',
    'cassandraclusters.db.orange.com.rack': rack,
    'dc-rack': `dc1-${rack}`,
  }),
);

/** CassKop as far as rollingRestart goes; a test tells it what it does wrong. */
export class ScriptedCasskop {
  readonly game: CassandraGame;
  isIdle = false;
  /** It takes the flag back only when the rack is done. */
  isSlow = false;
  /** Flags that it takes back without doing anything. */
  loses = 0;
  /** It rolls every rack when it is asked for one. */
  takesAll = false;
  /** The most racks that were asked for at once. */
  mostAsked = 0;
  readonly rolled: string[] = [];
  /** Nodes that were away, and hosts that writes were kept for, whenever a rack was begun with. */
  readonly missedAtBegin: string[] = [];
  #isDead = false;
  #rolling: string | undefined;
  #births = 0;

  private constructor(game: CassandraGame, { racks, size }: RingWanted) {
    this.game = game;
    game.kept.serve(clusterKind);
    game.kept.put({
      apiVersion: 'db.orange.com/v2',
      kind: 'CassandraCluster',
      metadata: { namespace, name: 'catalog', generation: 1 },
      spec: {
        nodesPerRacks: size / racks,
        maxPodUnavailable: 1,
        topology: {
          dc: [
            { name: 'dc1', rack: Array.from({ length: racks }, (_, index) => ({ name: `r${index + 1}`, labels: {} })) },
          ],
        },
      },
      status: { phase: 'Running', lastClusterAction: 'Initializing', lastClusterActionStatus: 'Done' },
    });
    this.setAlive(true);
    game.ring.customs = () => game.kept.objectsOf(clusterKind).flatMap((one) => decodeCustom(clusterKind)(one) ?? []);
    this.#every();
  }

  static async begin(wanted: RingWanted): Promise<ScriptedCasskop> {
    const game = await CassandraGame.begin({ ...wanted, sets: casskopSets });
    return new ScriptedCasskop(game, wanted);
  }

  setAlive(isAlive: boolean): void {
    const details = { image: 'ghcr.io/cscetbon/casskop:v2.3.0', ready: isAlive ? 1 : 0, env: [] };
    this.game.kept.put(workloadManifest('Deployment', 'casskop', { namespace }, details));
    this.#isDead = !isAlive;
  }

  /** Of one rack, as somebody else would. */
  async change(rack: string, values: JsonObject): Promise<void> {
    const racks = this.#racks().map((one) => (one['name'] === rack ? { ...one, ...values } : one));
    await this.#patch({ spec: { topology: { dc: [{ name: 'dc1', rack: racks }] } } });
  }

  async setStatus(status: JsonObject): Promise<void> {
    await this.#patch({ status });
  }

  /** Hosts that nodes keep writes for. */
  keptFor(): readonly string[] {
    return this.game.ring.ring.nodes.flatMap(({ hints }) => [...hints.keys()]);
  }

  #every(): void {
    void this.#round();
    this.game.clock.after(2000, () => this.#every());
  }

  async #round(): Promise<void> {
    const asked = this.#racks().filter((rack) => rack['rollingRestart'] === true);
    this.mostAsked = Math.max(this.mostAsked, asked.length);
    if (this.#isDead || this.isIdle) return;
    if (this.#rolling !== undefined) return this.#goOn(this.#rolling);
    const [first] = asked;
    if (!first) return;
    const rack = textAt(first, 'name');
    if (!this.isSlow || this.loses > 0) await this.change(rack, { rollingRestart: false });
    if (this.loses > 0) this.loses -= 1;
    else await this.#begin(rack);
  }

  async #begin(rack: string): Promise<void> {
    this.#rolling = rack;
    this.missedAtBegin.push(...this.game.ring.away(), ...this.keptFor());
    await this.setStatus(working(rack, 'Ongoing'));
    for (const set of this.#sets())
      if (this.takesAll || set.metadata.name === `catalog-dc1-${rack}`) this.#annotate(set);
  }

  async #goOn(rack: string): Promise<void> {
    const set = this.#sets().find(({ metadata }) => metadata.name === `catalog-dc1-${rack}`);
    if (!set || !isRolled(set)) return;
    this.#rolling = undefined;
    if (this.isSlow) await this.change(rack, { rollingRestart: false });
    await this.setStatus(working(rack, 'Done'));
  }

  #annotate(set: KubeObject): void {
    this.rolled.push(set.metadata.name);
    this.#births += 1;
    const template = objectAt(set, 'spec', 'template');
    const metadata = { ...objectAt(template, 'metadata'), annotations: { restarted: String(this.#births) } };
    const spec = { ...recordOf(set['spec']), template: { ...template, metadata } };
    const generation = (set.metadata.generation ?? 1) + 1;
    const { store } = this.game.ring.simulation.world;
    store.put(kindNamed('StatefulSet'), { ...set, metadata: { ...set.metadata, generation }, spec });
  }

  #racks(): readonly JsonObject[] {
    const [cluster] = this.game.kept.objectsOf(clusterKind);
    const [datacenter] = Array.isArray(objectAt(cluster, 'spec', 'topology')['dc'])
      ? (objectAt(cluster, 'spec', 'topology')['dc'] as readonly JsonObject[])
      : [];
    return (datacenter?.['rack'] as readonly JsonObject[] | undefined) ?? [];
  }

  async #patch(patch: JsonObject): Promise<void> {
    await this.game.kept.mergePatch(address, patch);
  }

  #sets(): readonly KubeObject[] {
    return this.game.ring.simulation.world.store.list(kindNamed('StatefulSet'), namespace);
  }
}

function working(rack: string, status: string): JsonObject {
  return {
    phase: 'Running',
    lastClusterAction: 'RollingRestart',
    lastClusterActionStatus: status,
    cassandraRackStatus: { [`dc1-${rack}`]: { cassandraLastAction: { name: 'RollingRestart', status } } },
  };
}

function isRolled(set: KubeObject): boolean {
  const replicas = numberAt(set, 'spec', 'replicas') ?? 0;
  return (
    textAt(set, 'status', 'currentRevision') === textAt(set, 'status', 'updateRevision') &&
    numberAt(set, 'status', 'readyReplicas') === replicas &&
    numberAt(set, 'status', 'observedGeneration') === (set.metadata.generation ?? 1)
  );
}
