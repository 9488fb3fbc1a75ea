import type { SystemId } from '#core/systems/contract.ts';

/**
 * Operations as plain data. A plan can be written to a journal, read on another machine, shown as a document and compared; nothing in
 * it can be called. What runs it is in engine.ts, what a step does is a procedure (procedure.ts) that is made anew from the plan.
 */

/**
 * Every operation, in the order in which people are told of them. Those of the second line are of jobs (docs/decisions/0022): `unsuspend`
 * lets a suspended job go on, because what is resumed is a run of an operation. The last is of Helm releases (docs/decisions/0023).
 */
export const operationNames = [
  ...(['restart', 'drain', 'rebalance', 'scale', 'configure', 'replace'] as const),
  ...(['rerun', 'suspend', 'unsuspend', 'stop', 'resubmit', 'workers', 'schedule'] as const),
  ...(['rollback'] as const),
] as const;

export type OperationName = (typeof operationNames)[number];

/** Those of jobs only. */
export const jobVerbs: ReadonlySet<OperationName> = new Set<OperationName>([
  'rerun',
  'suspend',
  'unsuspend',
  'stop',
  'resubmit',
  'workers',
  'schedule',
]);

/** What an operation is about: a data cluster of one of our systems, a Kubernetes node, or a Helm release. */
export type SubjectId = SystemId | 'kubernetes' | 'helm';

/** What an operation is about, pinned: whatever answers under these names with another identity stops the run. */
export interface OperationTarget {
  readonly context: string;
  /** Uid of the namespace kube-system; undefined when it may not be read. */
  readonly clusterIdentity: string | undefined;
  readonly namespace: string;
  readonly system: SubjectId;
  /** Key of the data cluster: `kafka/prod/orders`; of a node `kubernetes/NAME`, of a release `helm/NAMESPACE/NAME`. */
  readonly key: string;
  readonly name: string;
  /** The object beside which journal and lock are kept. */
  readonly anchor: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly uid: string };
  /** What the system calls itself, such as Kafka's cluster id; undefined where it was not asked. */
  readonly systemIdentity: string | undefined;
  /** The run deletes the anchor: journal and lock are not owned by it, and the run can be gone on with while it is not there. */
  readonly anchorGoes?: true;
}

/** One thing that must be so before anything is done, as it was found when the plan was made or read again. */
export interface Precondition {
  /** Stable: `partitions-in-sync`. */
  readonly id: string;
  readonly title: string;
  /** `fails` keeps the operation from starting; `consent` lets it start once a person has agreed to what it costs. */
  readonly state: 'holds' | 'warns' | 'consent' | 'fails' | 'unknown';
  /** What was seen, a sentence each. */
  readonly evidence: readonly string[];
  /** What to do about it. */
  readonly fix?: string;
}

export interface PlannedStep {
  /** Unique in the plan and the same on every resume: `kafka-2`. */
  readonly id: string;
  readonly title: string;
  /** Pod that is out while the step runs; absent for steps that take nobody out. */
  readonly member?: string;
  /** What must hold at the moment it acts. */
  readonly gate: string;
  readonly effect: string;
  /** When it counts as done. */
  readonly done: string;
  /** How it can be taken back; absent when it cannot. */
  readonly undo?: string;
  readonly expectedMs: number;
  /** For the procedure only: numbers, texts and lists of them. */
  readonly parameters: Readonly<Record<string, StepValue>>;
}

export type StepValue = string | number | boolean | readonly string[] | readonly number[];

export interface Plan {
  readonly format: 1;
  readonly id: string;
  readonly operation: OperationName;
  readonly title: string;
  readonly target: OperationTarget;
  readonly madeAt: number;
  /** What the user chose: level, order, scope. */
  readonly parameters: Readonly<Record<string, StepValue>>;
  readonly preconditions: readonly Precondition[];
  readonly steps: readonly PlannedStep[];
  /** What could go wrong and what happens then, a sentence each. */
  readonly risks: readonly string[];
  /** Redundancy or data is lost, or an outage is agreed to: a button is not enough. */
  readonly needsTypedName: boolean;
  /** What it is now and what it will be, for those operations that even something out. */
  readonly preview?: readonly Comparison[];
  /** What becomes of objects, for those operations that change many. */
  readonly changes?: readonly PlannedChange[];
  /** Plans of other data clusters whose members are taken out by steps of this one; each is locked as well. */
  readonly parts?: readonly Plan[];
}

/** What becomes of one object. Nothing secret is in it. */
export interface PlannedChange {
  /** `StatefulSet shop/orders`. */
  readonly title: string;
  /** `kept`: it is left although it is no longer part of what is written; `unknown`: it could not be read, and why is told. */
  readonly how: 'created' | 'changed' | 'deleted' | 'kept' | 'unknown';
  /** A text for each field that changes. */
  readonly fields: readonly string[];
}

/** One figure of every member, before and after. */
export interface Comparison {
  /** `Replicas`, `Disk`. */
  readonly title: string;
  readonly unit: 'count' | 'bytes' | 'percent';
  readonly items: readonly { readonly label: string; readonly before: number; readonly after: number }[];
  /** What no member should be above. */
  readonly limit?: number;
}

/** What a gate or an awaited state says when it is asked, now. */
export type Answer =
  /** It holds. */
  | { readonly kind: 'yes'; readonly evidence: string }
  /** Not yet, and it may come by itself. `measure` is what must move: the smaller the nearer; a measure that stands still is a stall. */
  | {
      readonly kind: 'wait';
      readonly waitingFor: string;
      readonly measure: readonly (number | string)[];
      readonly isNear: boolean;
    }
  /** It will not come by itself, or going on would break a second member. */
  | { readonly kind: 'stop'; readonly reason: string; readonly fix: string }
  /**
   * A person must look at it first. The run pauses; whoever goes on with it has seen the reason. `remember` is added to the memory of
   * the step, so that the question is answered when it is asked again, as long as what was shown is still so. `typed` is a name that has
   * to be typed by whoever goes on, because what comes next cannot be taken back; only then is `remember` remembered.
   */
  | {
      readonly kind: 'pause';
      readonly reason: string;
      readonly fix: string;
      readonly remember: Readonly<Record<string, StepValue>>;
      readonly typed?: string;
    };

/** What a run that is paused is asked before it does what cannot be taken back. */
export interface Confirmation {
  /** What has to be typed. */
  readonly typed: string;
  /** The step that asks, and what it remembers once that was typed. */
  readonly step: string;
  readonly remember: Readonly<Record<string, StepValue>>;
}

/** What is awaited may also turn out never to have been begun: then the step goes back to its gate and acts once more. */
export type Awaited = Answer | Unheeded;

export interface Unheeded {
  readonly kind: 'again';
  readonly reason: string;
  /** Added to the memory of the step, such as how often it was asked. */
  readonly remember: Readonly<Record<string, StepValue>>;
}

export type StepPhase = 'gate' | 'acting' | 'awaiting' | 'finishing' | 'done';

/** How far a step came. Times in milliseconds since 1970. */
export interface StepRecord {
  readonly id: string;
  readonly phase: StepPhase;
  readonly startedAt: number;
  readonly actedAt?: number;
  readonly doneAt?: number;
  /** What the procedure has to remember to know its own act again: the uid of the pod it evicted. */
  readonly memory: Readonly<Record<string, StepValue>>;
  /** What was measured, for the report. */
  readonly notes: readonly string[];
}

/** The one state of a run. */
export type RunState =
  | { readonly kind: 'running' }
  /** Nothing is under way; a person, or a new run, may go on from here. */
  | { readonly kind: 'paused'; readonly reason: string; readonly fix: string; readonly asks?: Confirmation }
  | { readonly kind: 'stopped'; readonly reason: string; readonly fix: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'done' };

/** Everything that is kept of a run: enough to go on, to show it and to report on it. */
export interface RunRecord {
  readonly plan: Plan;
  readonly state: RunState;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly runner: string;
  readonly steps: readonly StepRecord[];
}

export type Progress =
  | { readonly kind: 'step'; readonly step: PlannedStep; readonly phase: StepPhase; readonly at: number }
  | {
      readonly kind: 'waiting';
      readonly step: PlannedStep;
      readonly phase: StepPhase;
      readonly waitingFor: string;
      readonly at: number;
    }
  | { readonly kind: 'note'; readonly step: PlannedStep; readonly text: string; readonly at: number }
  | { readonly kind: 'state'; readonly state: RunState; readonly at: number };
