import type { JournalWatches } from '#client/operations/journalWatches.ts';
import type { LocalRun } from '#client/operations/localRun.ts';
import type { OperationRuns } from '#client/operations/runs.ts';
import type { Clock, Stoppable } from '#core/live/ports.ts';
import type { FoundJournal } from '#core/operations/journals.ts';
import type { Progress, RunRecord } from '#core/operations/model.ts';
import type { JournalPlace } from '#core/operations/operations.ts';
import {
  isUnfinished,
  journalledRun,
  NO_OPERATIONS,
  placeKey,
  type ContextOperations,
  type ShownRun,
} from '#core/operations/shownRun.ts';

/** Names a run for as long as something is kept of it, also after the window was loaded anew. */
export interface RunReference extends JournalPlace {
  readonly context: string;
  /** Id of the plan. */
  readonly plan: string;
}

/** Numbers that move are put into rows this often at most, in milliseconds. */
const WAITING_MS = 1000;

export interface BoardParts {
  readonly runs: OperationRuns;
  readonly journals: JournalWatches;
  readonly clock: Clock;
  /** The operations of a context are other ones now. */
  readonly changed: (context: string) => void;
}

/** Every operation that is known, from the runs of this window and from the journals in the clusters. */
export class OperationBoard implements Stoppable {
  readonly #parts: BoardParts;
  readonly #known = new Map<string, ContextOperations>();
  readonly #later = new Map<string, Stoppable>();
  readonly #listening: Stoppable;

  constructor(parts: BoardParts) {
    this.#parts = parts;
    this.#listening = parts.runs.onDidChange((run, progress) => this.#hear(run, progress));
  }

  /** The same object as long as nothing changes. */
  of(context: string): ContextOperations {
    const known = this.#known.get(context);
    if (known) return known;
    const made = this.#make(context);
    this.#known.set(context, made);
    return made;
  }

  /** A run by its reference, also one that others have come after; undefined when nothing of it is known now. */
  find(reference: RunReference): ShownRun | undefined {
    const { runs, journals } = this.#parts;
    const { context, plan } = reference;
    const local = runs.find(context, plan);
    const key = placeKey(reference);
    const journal = journals.journals(context).find((found) => keyOfJournal(found) === key);
    const { current, history = [] } = journal?.contents ?? {};
    const record = [...(current ? [current] : []), ...history].find((one) => one.plan.id === plan);
    return merge(local, record);
  }

  /** Something of a context may be another. */
  refresh(context: string): void {
    this.#later.get(context)?.stop();
    this.#later.delete(context);
    this.#known.delete(context);
    this.#parts.changed(context);
  }

  stop(): void {
    this.#listening.stop();
    for (const later of this.#later.values()) later.stop();
    this.#later.clear();
  }

  #hear({ context }: LocalRun, progress: Progress | undefined): void {
    if (progress?.kind !== 'waiting') this.refresh(context);
    else if (!this.#later.has(context)) {
      this.#later.set(
        context,
        this.#parts.clock.after(WAITING_MS, () => this.refresh(context)),
      );
    }
  }

  #make(context: string): ContextOperations {
    const { runs, journals } = this.#parts;
    const records = journals.journals(context).flatMap(({ contents }) => contents.current ?? []);
    const locals = runs.in(context);
    const shown = new Map<string, ShownRun>();
    for (const record of records) {
      const local = locals.find(({ plan }) => plan.id === record.plan.id);
      const run = merge(local, record);
      if (run) shown.set(placeKey(record.plan.target), run);
    }
    // A run that may not write a journal is known to this window only.
    for (const local of locals) {
      const key = placeKey(local.plan.target);
      const other = shown.get(key);
      if (other && other.record.startedAt >= local.followed.record.startedAt) continue;
      const run = merge(local, undefined);
      if (run) shown.set(key, run);
    }
    const limits = journals.limits(context);
    if (shown.size === 0 && limits.length === 0) return NO_OPERATIONS;
    return { runs: [...shown.values()], limits, isOurs: locals.length > 0 };
  }
}

function keyOfJournal({ namespace, contents }: FoundJournal): string | undefined {
  const { current, history } = contents;
  const target = (current ?? history[0])?.plan.target;
  return target && placeKey({ ...target, namespace });
}

/** What this window does goes before what it has read; what others have written since goes before what it has done. */
function merge(local: LocalRun | undefined, record: RunRecord | undefined): ShownRun | undefined {
  if (!local) return record && journalledRun(record);
  const { followed, isActive, wish } = local;
  if (isActive) return { ...followed, place: 'here', wish };
  if (!record || record.runner === local.runner) return { ...followed, place: 'nobody', wish: 'run' };
  return { ...journalledRun(record), ...(isUnfinished(record) ? obstacleOf(local) : {}) };
}

/** Why a run could not even begin, such as that somebody else holds the lock. */
function obstacleOf({ hasStepped, followed }: LocalRun): Pick<ShownRun, 'obstacle'> {
  const { state } = followed.record;
  if (hasStepped || (state.kind !== 'stopped' && state.kind !== 'paused')) return {};
  return { obstacle: `${state.reason} ${state.fix}` };
}
