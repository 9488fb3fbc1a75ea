import type { HelmPort } from '#core/live/helm/program.ts';
import { renderedObjects, type RenderedObject } from '#core/live/helm/renderedObjects.ts';
import { ClusterProblem, type Clock, type Cluster } from '#core/live/ports.ts';
import { holds } from '#core/operations/helmRollback/holds.ts';
import { marked } from '#core/operations/helmRollback/marks.ts';
import { rollbackOf, type RollbackPlan } from '#core/operations/helmRollback/steps.ts';
import {
  readRevision,
  storedRevisions,
  type ReleaseStored,
  type StoredRevision,
} from '#core/operations/helmRollback/storedReleases.ts';
import type { Answer, Plan } from '#core/operations/model.ts';
import { describeStrategy, readStatefulSet } from '#core/operations/statefulSetNow.ts';

/** What the steps of a rollback ask of the release, the cluster and the plan. */
export class RollbackRun {
  readonly plan: Plan;
  readonly release: RollbackPlan;
  readonly cluster: Cluster;
  readonly clock: Clock;

  constructor(plan: Plan, { cluster, clock }: Pick<RollbackRun, 'cluster' | 'clock'>) {
    this.plan = plan;
    this.release = rollbackOf(plan);
    this.cluster = cluster;
    this.clock = clock;
  }

  /** @throws ClusterProblem */
  get helm(): HelmPort {
    const { helm } = this.cluster;
    if (helm) return helm;
    throw new ClusterProblem('invalid', 'Helm releases cannot be read here.');
  }

  /** The number the rollback gets. */
  get next(): number {
    return this.release.from + 1;
  }

  /** Newest first. @throws ClusterProblem */
  revisions(): Promise<readonly StoredRevision[]> {
    const { namespace, release } = this.release;
    return storedRevisions(this.cluster, { namespace, name: release });
  }

  /** @throws ClusterProblem */
  read(stored: StoredRevision): Promise<ReleaseStored> {
    return readRevision(this.cluster, this.release.namespace, stored, this.helm);
  }

  /** The revision that follows that of the plan, with its content; undefined while there is none. @throws ClusterProblem */
  async made(): Promise<ReleaseStored | undefined> {
    const stored = (await this.revisions()).find(({ revision }) => revision === this.next);
    return stored && this.read(stored);
  }

  /** Whether a revision is this very rollback: Helm says so in its description, which only a failure replaces. */
  isOurs({ content: { description } }: ReleaseStored): boolean {
    const { release, to } = this.release;
    return description === `Rollback to ${to}` || description.startsWith(`Rollback "${release}" failed: `);
  }

  /** Undefined as long as the revision of the plan is the newest. @throws ClusterProblem */
  async overtaken(): Promise<Answer | undefined> {
    const [newest] = await this.revisions();
    const { from, release } = this.release;
    if (newest?.revision === from) return undefined;
    const reason = newest
      ? `Somebody has made revision ${newest.revision} of ${release} since the plan was made.`
      : `There is no release ${release} any more.`;
    return { kind: 'stop', reason, fix: 'Look at its history, and make a new plan.' };
  }

  /** Undefined as long as every StatefulSet that is to be held is. @throws ClusterProblem */
  async unheld(): Promise<Answer | undefined> {
    for (const one of this.release.held) {
      const [namespace = '', name = ''] = one.split('/');
      const { strategy } = await readStatefulSet(this.cluster, namespace, name);
      if (holds(strategy)) continue;
      const reason = `Somebody has set the update strategy of ${name} to ${describeStrategy(strategy)}, so its controller would restart pods by itself.`;
      return { kind: 'stop', reason, fix: 'Pause what manages it, and resume.' };
    }
    return undefined;
  }

  /** The objects of two revisions, those of the second with the marks of Helm. @throws ClusterProblem */
  async manifests(): Promise<{ readonly old: readonly RenderedObject[]; readonly wanted: readonly RenderedObject[] }> {
    const { from, to, namespace, release } = this.release;
    const revisions = await this.revisions();
    const [current, target] = await Promise.all([from, to].map((number) => this.#readNumber(revisions, number)));
    const { resources } = await this.cluster.resources();
    const objectsOf = (stored: ReleaseStored | undefined): readonly RenderedObject[] =>
      renderedObjects(stored?.content.manifest ?? '', { namespace }, resources).objects;
    return { old: objectsOf(current), wanted: marked(objectsOf(target), { release, namespace }) };
  }

  async #readNumber(revisions: readonly StoredRevision[], number: number): Promise<ReleaseStored> {
    const stored = revisions.find(({ revision }) => revision === number);
    if (stored) return this.read(stored);
    throw new ClusterProblem('absent', `Revision ${number} is no longer kept.`);
  }
}
