import type { DataCluster } from '#core/live/model.ts';
import type { Cluster, Stoppable } from '#core/live/ports.ts';
import type { JournalContents } from '#core/operations/configMapJournal.ts';
import type { FoundJournal } from '#core/operations/journals.ts';
import type { AskOutcome } from '#core/operations/leaseLock.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import type { Offer, Operations, PlanFile, RunnerPorts, RunOrder } from '#core/operations/operations.ts';
import type { ConfigureWish, OperationWish } from '#core/operations/wishes.ts';
import { planOf } from '#test/support/operationRuns.ts';

/** A run that was asked for, and how a test ends it. */
export interface AskedRun {
  readonly order: RunOrder;
  readonly ports: RunnerPorts;
  readonly end: (record: Partial<RunRecord>) => void;
  readonly fail: (error: Error) => void;
}

interface JournalListener {
  readonly cluster: Cluster;
  readonly namespaces: readonly string[] | undefined;
  readonly listener: (journals: readonly FoundJournal[]) => void;
}

/** Operations that do what a test says, and note what they were asked for. */
export class FakeOperations implements Operations {
  offered: readonly Offer[] = [{ operation: 'restart' }];
  planned: Plan | Error = planOf();
  journal: JournalContents | undefined;
  historyFailure: Error | undefined;
  outcome: AskOutcome = { kind: 'told', holder: 'bob@desk' };
  planFiles: readonly PlanFile[] = [];
  undos: readonly ConfigureWish[] = [];
  readonly wishes: OperationWish[] = [];
  readonly runs: AskedRun[] = [];
  readonly asked: string[] = [];
  readonly watches = new Set<JournalListener>();

  readonly offers = (_data: DataCluster): readonly Offer[] => this.offered;

  readonly plan = async (wish: OperationWish): Promise<Plan> => {
    this.wishes.push(wish);
    if (this.planned instanceof Error) throw this.planned;
    return this.planned;
  };

  readonly planNodeDrain = async (): Promise<Plan> => {
    if (this.planned instanceof Error) throw this.planned;
    return this.planned;
  };

  readonly planRollback = async (wish: OperationWish): Promise<Plan> => this.plan(wish);

  readonly files = (): readonly PlanFile[] => this.planFiles;

  readonly undoing = (_record: RunRecord): readonly ConfigureWish[] => this.undos;

  readonly run = (order: RunOrder, ports: RunnerPorts): Promise<RunRecord> =>
    new Promise((resolve, reject) => {
      const record: RunRecord = {
        plan: order.plan,
        state: { kind: 'done' },
        startedAt: ports.clock.now(),
        endedAt: ports.clock.now(),
        runner: ports.runner,
        steps: [],
      };
      this.runs.push({ order, ports, end: (more) => resolve({ ...record, ...more }), fail: reject });
    });

  readonly history = async (): Promise<JournalContents | undefined> => {
    if (this.historyFailure) throw this.historyFailure;
    return this.journal;
  };

  readonly watchJournals = (
    cluster: Cluster,
    namespaces: readonly string[] | undefined,
    listener: (journals: readonly FoundJournal[]) => void,
  ): Stoppable => {
    const watch = { cluster, namespaces, listener };
    this.watches.add(watch);
    return { stop: () => void this.watches.delete(watch) };
  };

  readonly ask = async (wish: 'cancel' | 'pause'): Promise<AskOutcome> => {
    this.asked.push(wish);
    return this.outcome;
  };

  tellJournals(...records: readonly RunRecord[]): void {
    for (const { listener } of this.watches) listener(records.map(foundJournal));
  }
}

function foundJournal(current: RunRecord): FoundJournal {
  const { namespace, system, name } = current.plan.target;
  return { namespace, name: `data-clusters-${system}-${name}`, contents: contentsOf(current) };
}

export function contentsOf(current: RunRecord): JournalContents {
  return { current, history: [], resourceVersion: '1' };
}
