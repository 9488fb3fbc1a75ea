import type {
  Answer,
  Awaited,
  PlannedStep,
  RunRecord,
  RunState,
  StepRecord,
  StepValue,
} from '#core/operations/model.ts';

export interface StepContext {
  readonly step: PlannedStep;
  /** What this step remembered before; empty when it has not acted. */
  readonly memory: Readonly<Record<string, StepValue>>;
  /** What the other steps of the run remembered, by their ids; absent when a step is asked outside a run. */
  readonly memories?: Readonly<Record<string, StepRecord['memory']>>;
}

export type ActOutcome =
  | { readonly kind: 'acted' }
  | { readonly kind: 'again'; readonly waitingFor: string }
  | { readonly kind: 'stop'; readonly reason: string; readonly fix: string };

/**
 * What an operation does, one step at a time. It is made anew from the plan on every machine that goes on with it, so it keeps nothing
 * but caches; whatever it must remember goes through `memory`. Everything it says is asked of the cluster when it is called.
 * A method that rejects is asked again a few times, because connections break; after that the run pauses.
 */
export interface Procedure {
  /** The target is still what the plan was made for; a reason when it is not. */
  verifyIdentity(): Promise<string | undefined>;
  /** Whether the step's goal is already there, whoever reached it. Asked first on every resume: the journal is a hint, the cluster the truth. */
  isDone(context: StepContext): Promise<boolean>;
  /** Whether the step's act has happened; undefined memory means it was never written down. */
  hasActed(context: StepContext): Promise<boolean>;
  /** What must be remembered of the present before acting. */
  prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>>;
  gate(context: StepContext): Promise<Answer>;
  /** The one disruptive thing. `again` when it must be tried later, as a disruption budget wants. */
  act(context: StepContext): Promise<ActOutcome>;
  /** Whether the system is whole again. The procedure itself bounds how often it answers `again`. */
  awaited(context: StepContext): Promise<Awaited>;
  /** Harmless closing work, such as electing preferred leaders. Resolves with notes for the report. */
  finish(context: StepContext): Promise<readonly string[]>;
  /** Whether what the step has begun can be taken back while it is awaited; it cannot when absent, and a cancelled run then awaits it. */
  canAbort?(context: StepContext): boolean;
  /** Takes back what the step has begun. Resolves once the cluster is as before, with notes for the report. */
  abort?(context: StepContext): Promise<readonly string[]>;
  /**
   * Puts back what the run changed for its own sake, such as throttles, when it ends before its last step: cancelled or stopped. Called
   * again by every later run that ends so. Resolves with notes for the report.
   */
  leave?(state: RunState, record: RunRecord): Promise<readonly string[]>;
}
