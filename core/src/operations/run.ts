import type { Clock } from '#core/live/ports.ts';
import type { Plan, Progress, RunRecord, RunState } from '#core/operations/model.ts';
import type { Procedure } from '#core/operations/procedure.ts';

/** Where a run is written down before it acts. */
export interface Journal {
  /**
   * Resolves once the record is kept by the cluster.
   * @throws JournalTaken when somebody else wrote meanwhile; any other error means that it is not kept
   */
  write(record: RunRecord): Promise<void>;
}

/** Somebody else runs this operation now. */
export class JournalTaken extends Error {
  constructor(by: string) {
    super(`${by} has taken over this operation.`);
    this.name = 'JournalTaken';
  }
}

/** That there is one runner. */
export interface RunLock {
  /** Who else holds it, or undefined when it is ours now and for at least the given time. */
  ensure(forMs: number): Promise<string | undefined>;
  release(): Promise<void>;
  /** What somebody on another machine asks of whoever holds it; nothing when absent. */
  readonly asked?: 'pause' | 'cancel' | undefined;
}

/** What a person asks of a run while it goes on. */
export interface RunControl {
  /**
   * `pause` leaves it before the next act, to be gone on with; `cancel` ends it there, or at once where the step under way can be taken
   * back; `detach` leaves at once, and the journal says where.
   */
  readonly wish: 'run' | 'pause' | 'cancel' | 'detach';
}

export interface RunSettings {
  /** Good answers in a row before a member is taken out, and the time between them. */
  readonly goodReads: number;
  readonly betweenReadsMs: number;
  readonly nearPollMs: number;
  readonly farPollMs: number;
  /** How long nothing may move before the run pauses. */
  readonly stallMs: number;
  /** How long the cluster may not answer before the run pauses. */
  readonly silenceMs: number;
}

/**
 * Two reads half a second apart, and a third behind the journal, because an ISR may shrink between two answers, and a broker hears from
 * the controllers at least every half second (metadata.max.idle.interval.ms of Kafka); ten minutes of standstill and of silence, because a broker
 * that recovers its log or an API server that is replaced takes minutes and nothing is made worse by waiting.
 */
export const usualSettings: RunSettings = {
  goodReads: 2,
  betweenReadsMs: 500,
  nearPollMs: 250,
  farPollMs: 1500,
  stallMs: 600_000,
  silenceMs: 600_000,
};

export interface RunPorts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly lock: RunLock;
  readonly control: RunControl;
  /** Who runs it, for the journal: a user and a machine. */
  readonly runner: string;
  readonly listener: (progress: Progress) => void;
  readonly settings?: RunSettings;
}

export interface RunRequest {
  readonly plan: Plan;
  readonly procedure: Procedure;
  /** What an earlier run left, when this one goes on with it. */
  readonly earlier?: RunRecord;
  /** The name that a person has typed, where the earlier run was paused to ask for one. */
  readonly confirmed?: string;
}

/** Whether it has come to its end. A run that was stopped has, and can be gone on with all the same. */
export function isOver({ kind }: RunState): boolean {
  return kind === 'done' || kind === 'cancelled' || kind === 'stopped';
}

/** Leaves a run from wherever it is, with the state it is left in. */
export class Interrupted extends Error {
  readonly state: RunState;

  constructor(state: RunState) {
    super(`The run ended as ${state.kind}.`);
    this.name = 'Interrupted';
    this.state = state;
  }
}
