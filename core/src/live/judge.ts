import type { WatchedSystem } from '#core/live/liveSystems.ts';
import type { DataCluster, Health, InsideFacts, LiveMember, LiveSystem } from '#core/live/model.ts';
import type { LiveObject, LiveWorkload, NamespaceObjects } from '#core/live/objects.ts';
import { keptIfSame, sameShape } from '#core/live/sameShape.ts';
import type { JudgedCluster, JudgedMember } from '#core/live/view.ts';

/** What is said of a cluster when the code that judges it fails: an error of ours must not hide the others. */
const NOT_JUDGED: Health = {
  level: 'unknown',
  sentence: 'could not be judged: an error inside this program',
  evidence: [],
};

/** The data clusters of all namespaces with their verdicts. What does not change stays the same object. */
export class ClusterJudge {
  private readonly systems: readonly WatchedSystem[];
  private readonly report: (error: unknown) => void;
  private readonly byNamespace = new Map<string, readonly JudgedCluster[]>();
  private readonly byKey = new Map<string, JudgedCluster>();
  private readonly inside = new Map<string, InsideFacts>();
  private all: readonly JudgedCluster[] | undefined = [];
  private beatAt = 0;

  constructor(systems: readonly WatchedSystem[], report: (error: unknown) => void) {
    this.systems = systems;
    this.report = report;
  }

  /** By namespace, then in the order of the systems, then by name. */
  get clusters(): readonly JudgedCluster[] {
    this.all ??= [...this.byNamespace.keys()].toSorted().flatMap((namespace) => this.byNamespace.get(namespace) ?? []);
    return this.all;
  }

  find(key: string): JudgedCluster | undefined {
    return this.byKey.get(key);
  }

  systemOf(cluster: DataCluster): LiveSystem | undefined {
    return this.systems.find(({ id }) => id === cluster.system)?.live;
  }

  /** Gathers a namespace anew. @returns keys of the data clusters that are new, changed or gone */
  take(objects: NamespaceObjects, now: number): readonly string[] {
    const { namespace } = objects;
    const before = this.byNamespace.get(namespace) ?? [];
    const after = this.systems.flatMap((system) =>
      this.gather(system, objects, before).map((one) => this.judge(one, now)),
    );
    const keys = new Set(after.map(({ cluster }) => cluster.key));
    const gone = before.map(({ cluster }) => cluster.key).filter((key) => !keys.has(key));
    const changed = after.filter((judged) => this.byKey.get(judged.cluster.key) !== judged);
    if (gone.length + changed.length === 0) return [];
    for (const key of gone) this.forget(key);
    for (const judged of changed) this.byKey.set(judged.cluster.key, judged);
    if (after.length === 0) this.byNamespace.delete(namespace);
    else this.byNamespace.set(namespace, after);
    this.all = undefined;
    return [...gone, ...changed.map(({ cluster }) => cluster.key)];
  }

  /**
   * Puts the new states of objects into the data clusters that have them, and judges those. It costs far less than `take`, which has to
   * follow in a while: how data clusters are put together may depend on states too.
   *
   * @returns keys of those that changed
   */
  replaceStates(namespace: string, replaced: ReadonlyMap<LiveObject, LiveObject>, now: number): readonly string[] {
    const affected = (this.byNamespace.get(namespace) ?? []).flatMap((judged) => {
      const cluster = withStates(judged.cluster, replaced);
      return cluster === judged.cluster ? [] : [{ judged, cluster }];
    });
    for (const { judged, cluster } of affected) this.replace(judged, this.judge(cluster, now));
    return affected.map(({ cluster }) => cluster.key);
  }

  /** Keeps the last facts when nobody could be asked now: they tell how old they are. @returns whether the verdict changed */
  answer(key: string, answer: InsideFacts, now: number): boolean {
    const judged = this.byKey.get(key);
    if (!judged) return false;
    const last = this.inside.get(key);
    const isLost = answer.facts === undefined && last?.facts !== undefined;
    this.inside.set(key, isLost ? { ...last, problems: answer.problems } : answer);
    return this.replace(judged, this.judge(judged.cluster, now, true));
  }

  /**
   * Judges a part of the clusters again, since sentences tell how long something has been so; `parts` calls are once through.
   *
   * @returns keys of those whose verdict changed
   */
  beat(parts: number, now: number): readonly string[] {
    const { clusters } = this;
    const size = Math.ceil(clusters.length / parts);
    const from = this.beatAt >= clusters.length ? 0 : this.beatAt;
    this.beatAt = from + size;
    return clusters
      .slice(from, from + size)
      .filter((judged) => this.replace(judged, this.judge(judged.cluster, now, true)))
      .map(({ cluster }) => cluster.key);
  }

  private gather(
    system: WatchedSystem,
    objects: NamespaceObjects,
    before: readonly JudgedCluster[],
  ): readonly DataCluster[] {
    try {
      return system.live.gather(objects);
    } catch (error) {
      this.report(error);
      return before.map(({ cluster }) => cluster).filter((cluster) => cluster.system === system.id);
    }
  }

  /** The verdict of a cluster; the old one when there is nothing new about it, unless it is asked for again. */
  private judge(cluster: DataCluster, now: number, isAgain = false): JudgedCluster {
    const old = this.byKey.get(cluster.key);
    const kept = old ? keepParts(old.cluster, cluster) : cluster;
    const inside = this.inside.get(cluster.key);
    if (!isAgain && old?.cluster === kept && old.inside === inside) return old;
    const live = this.systemOf(cluster);
    const health = this.attempt(() => live?.health(kept, inside, now));
    const oldMembers = new Map(old?.members.map((judged) => [judged.member.name, judged]));
    const members = kept.members.map((member) => this.judgeMember(member, kept, now, oldMembers.get(member.name)));
    return keepJudged(old, { cluster: kept, health: keptIfSame(old?.health, health), members, inside });
  }

  private judgeMember(
    member: LiveMember,
    cluster: DataCluster,
    now: number,
    old: JudgedMember | undefined,
  ): JudgedMember {
    const live = this.systemOf(cluster);
    const inside = this.inside.get(cluster.key);
    const fresh = this.attempt(() => live?.memberHealth(member, cluster, inside, now));
    const health = keptIfSame(old?.health, fresh);
    return old?.member === member && old.health === health ? old : { member, health };
  }

  private attempt(judge: () => Health | undefined): Health {
    try {
      return judge() ?? NOT_JUDGED;
    } catch (error) {
      this.report(error);
      return NOT_JUDGED;
    }
  }

  private replace(old: JudgedCluster, fresh: JudgedCluster): boolean {
    if (old === fresh) return false;
    const { key, namespace } = fresh.cluster;
    const siblings = this.byNamespace.get(namespace) ?? [];
    this.byKey.set(key, fresh);
    this.byNamespace.set(
      namespace,
      siblings.map((judged) => (judged === old ? fresh : judged)),
    );
    this.all = undefined;
    return true;
  }

  private forget(key: string): void {
    this.byKey.delete(key);
    this.inside.delete(key);
  }
}

/** The old cluster where all is the same, else the new one with the old members among its members. */
function keepParts(old: DataCluster, fresh: DataCluster): DataCluster {
  if (sameShape(old, fresh)) return old;
  const oldMembers = new Map(old.members.map((member) => [member.name, member]));
  return { ...fresh, members: fresh.members.map((member) => keptIfSame(oldMembers.get(member.name), member)) };
}

function keepJudged(old: JudgedCluster | undefined, fresh: JudgedCluster): JudgedCluster {
  if (!old || old.cluster !== fresh.cluster || old.health !== fresh.health || old.inside !== fresh.inside) return fresh;
  const isSame = fresh.members.every((member, index) => member === old.members[index]);
  return isSame && fresh.members.length === old.members.length ? old : fresh;
}

function withStates(cluster: DataCluster, replaced: ReadonlyMap<LiveObject, LiveObject>): DataCluster {
  const has =
    cluster.members.some(({ pod }) => pod && replaced.has(pod)) || cluster.workloads.some((one) => replaced.has(one));
  if (!has) return cluster;
  const members = cluster.members.map((member) => {
    const pod = member.pod && replaced.get(member.pod);
    return pod?.kind === 'Pod' ? { ...member, pod } : member;
  });
  return { ...cluster, members, workloads: cluster.workloads.map((workload) => replacedWorkload(workload, replaced)) };
}

function replacedWorkload(workload: LiveWorkload, replaced: ReadonlyMap<LiveObject, LiveObject>): LiveWorkload {
  const fresh = replaced.get(workload);
  return fresh?.kind === workload.kind ? fresh : workload;
}
