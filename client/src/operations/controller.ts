import type { ContextPolicy } from '#client/actions/deps.ts';
import type { OperationBoard, RunReference } from '#client/operations/board.ts';
import type { LocalRun } from '#client/operations/localRun.ts';
import { clustersOf, type Proposal } from '#client/operations/proposal.ts';
import { questionOf, type Circumstances, type Question } from '#client/operations/question.ts';
import type { OperationRuns } from '#client/operations/runs.ts';
import { UserProblem } from '#client/ui/problem.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import type { Operations } from '#core/operations/operations.ts';
import { runRefusal } from '#core/operations/page/planPage.ts';
import { describeRun } from '#core/operations/report.ts';
import { isUnfinished, type ShownRun } from '#core/operations/shownRun.ts';

/** The contexts as operations use them. All of it connects when somebody asks for something, and not before. */
export interface OperationContexts {
  clusterOf(this: void, context: string): Promise<Cluster>;
  /** Every data cluster of a context, once everything was read that may be. */
  dataOf(this: void, context: string): Promise<readonly DataCluster[]>;
  policyOf(this: void, context: string): ContextPolicy;
  isDemo(this: void, context: string): boolean;
}

export interface OperationsUi {
  /** The harmless answer is the default. */
  confirm(this: void, question: Question): Promise<boolean>;
  /** Something to know that nobody has to answer. */
  note(this: void, sentence: string): void;
  /** A document that can be read and saved. */
  showText(this: void, name: string, text: string): Promise<void>;
}

export interface ControllerParts {
  readonly contexts: OperationContexts;
  readonly operations: () => Operations;
  readonly runs: OperationRuns;
  readonly board: OperationBoard;
  readonly ui: OperationsUi;
}

/**
 * What can be done with plans and runs, whoever asks for it: a page, a row, a command. Before anything is changed in a cluster it is
 * asked whether the context may be changed, whether somebody else is at it, and whether a person agrees.
 */
export class OperationController {
  readonly #parts: ControllerParts;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
  }

  /** Undefined when it was not agreed to. @throws UserProblem when it cannot be run */
  async run({ context, plan, clusters }: Proposal): Promise<LocalRun | undefined> {
    const refusal = runRefusal({ plan, isReadOnly: this.#parts.contexts.policyOf(context).isReadOnly });
    if (refusal !== undefined) throw new UserProblem(refusal, '');
    const cluster = await this.#parts.contexts.clusterOf(context);
    await this.#refuseBeside(plan, cluster);
    if (!(await this.#agree(context, plan, 'run'))) return undefined;
    return this.#parts.runs.start({ context, plan, clusters, cluster });
  }

  /** Goes on with what was left, or takes over what another machine has given up. @throws UserProblem when there is nothing to go on with */
  async resume(reference: RunReference): Promise<LocalRun | undefined> {
    return this.#goOn(reference, 'resume');
  }

  /** Between two steps; what is under way is brought to its end first. */
  async pause(reference: RunReference): Promise<void> {
    const local = this.#local(reference);
    if (local) local.ask('pause');
    else await this.#askElsewhere(reference, 'pause');
  }

  /** A run here ends between two steps; another machine is asked to; what nobody runs is brought to its end here. */
  async cancel(reference: RunReference): Promise<void> {
    const local = this.#local(reference);
    if (local) {
      local.ask('cancel');
      return;
    }
    const run = await this.find(reference);
    if (run?.place === 'elsewhere') await this.#askElsewhere(reference, 'cancel');
    else await this.#goOn(reference, 'cancel');
  }

  /** At once: what is under way goes on by itself, and the journal says how far it came. */
  leave(reference: RunReference): void {
    this.#local(reference)?.ask('detach');
  }

  async report(reference: RunReference): Promise<void> {
    const run = await this.find(reference);
    if (!run) throw gone();
    const { plan } = run.record;
    await this.#parts.ui.showText(`${plan.title}.md`, describeRun(run.record));
  }

  /** What is known of a run, read from its journal where nothing of it is. Connects. @throws ClusterProblem */
  async find(reference: RunReference): Promise<ShownRun | undefined> {
    const known = this.#parts.board.find(reference);
    if (known) return known;
    const record = await this.#read(reference);
    return record && { record, current: undefined, place: placeOf(record), wish: 'run' };
  }

  #local({ context, plan }: RunReference): LocalRun | undefined {
    const local = this.#parts.runs.find(context, plan);
    return local?.isActive === true ? local : undefined;
  }

  async #read(reference: RunReference): Promise<RunRecord | undefined> {
    const cluster = await this.#parts.contexts.clusterOf(reference.context);
    const journal = await this.#parts.operations().history(reference, cluster);
    const records = [...(journal?.current ? [journal.current] : []), ...(journal?.history ?? [])];
    return records.find(({ plan }) => plan.id === reference.plan);
  }

  /** The journal is read anew: what was shown may be old. */
  async #goOn(reference: RunReference, how: 'resume' | 'cancel'): Promise<LocalRun | undefined> {
    const { contexts, board, runs } = this.#parts;
    const { context } = reference;
    refuseReadOnly(context, contexts.policyOf(context));
    const earlier = (await this.#read(reference)) ?? board.find(reference)?.record;
    if (!earlier) throw gone();
    if (!isUnfinished(earlier))
      throw new UserProblem(
        `This operation is ${earlier.state.kind}: there is nothing to go on with.`,
        'Plan it anew.',
      );
    const { plan } = earlier;
    const { state } = earlier;
    const asks = state.kind === 'paused' && state.asks ? { ...state.asks, reason: state.reason } : undefined;
    if (!(await this.#agree(context, plan, how, asks))) return undefined;
    const [cluster, known] = [await contexts.clusterOf(context), await contexts.dataOf(context)];
    const { endedAt: _, ...unfinished } = earlier;
    const clusters = clustersOf(plan, known);
    const wish = how === 'cancel' ? 'cancel' : 'run';
    const confirmed = asks && how === 'resume' ? { confirmed: asks.typed } : {};
    return runs.start({ context, plan, clusters, cluster, earlier: unfinished, wish, ...confirmed });
  }

  async #askElsewhere(reference: RunReference, wish: 'pause' | 'cancel'): Promise<void> {
    const { contexts, operations, ui } = this.#parts;
    const { context } = reference;
    refuseReadOnly(context, contexts.policyOf(context));
    const outcome = await operations().ask(wish, reference, await contexts.clusterOf(context));
    ui.note(
      outcome.kind === 'told'
        ? `${outcome.holder} was asked to ${wish} it, and hears it within seconds as long as it runs.`
        : 'Nobody runs it any more. Resume it to go on with it from here.',
    );
  }

  #agree(context: string, plan: Plan, how: Question['how'], asks?: Circumstances['asks']): Promise<boolean> {
    const { contexts, ui } = this.#parts;
    return ui.confirm(questionOf(plan, how, { ...contexts.policyOf(context), isDemo: contexts.isDemo(context), asks }));
  }

  /** A run that is under way, or whose runner died, is gone on with and not begun anew beside it. */
  async #refuseBeside({ target, id }: Plan, cluster: Cluster): Promise<void> {
    const current = await this.#lastRun(target, cluster);
    if (current?.state.kind !== 'running' || current.plan.id === id) return;
    throw new UserProblem(
      `"${current.plan.title}", begun by ${current.runner}, has not ended.`,
      'Look for it under Operations in the Data Clusters view: go on with it, or take it over when its runner is gone.',
    );
  }

  /** Who may not read journals may not write one either, and the plan asks consent for that. */
  async #lastRun(target: Plan['target'], cluster: Cluster): Promise<RunRecord | undefined> {
    try {
      return (await this.#parts.operations().history(target, cluster))?.current;
    } catch (error) {
      if (error instanceof ClusterProblem && error.kind === 'forbidden') return undefined;
      throw error;
    }
  }
}

const placeOf = ({ state }: RunRecord): ShownRun['place'] => (state.kind === 'running' ? 'elsewhere' : 'nobody');

function refuseReadOnly(context: string, { isReadOnly }: ContextPolicy): void {
  if (isReadOnly)
    throw new UserProblem(
      `${context} is read-only by a setting, so nothing is changed there.`,
      'See dataClusters.readOnlyContexts.',
    );
}

/** A run that is not in its journal any more. */
export function gone(): UserProblem {
  return new UserProblem(
    'Nothing of this operation is written down any more.',
    'The journal is kept in a ConfigMap beside the workload, and goes with it.',
  );
}
