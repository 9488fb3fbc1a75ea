import type { LivePod } from '#core/live/objects.ts';
import type { Clock, Cluster } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import { DECISIVE } from '#core/operations/nodeDrain/departure/steps.ts';
import { LeavingPod, readPod } from '#core/operations/nodeDrain/departure/leavingPod.ts';
import type { StepContext } from '#core/operations/procedure.ts';

/** What a system knows of the job itself, asked now. */
export interface JobVoice {
  /** That the run is over, so that nothing comes in place of what goes; undefined while it goes on, or when nobody can tell. */
  readonly over: (this: void) => Promise<string | undefined>;
  /** That the run has ended for good, so that what is left of its pods decides nothing any more; undefined when it has not, or nobody can tell. */
  readonly finished: (this: void) => Promise<string | undefined>;
  /** Whether the job goes on without one of its replicas; it does not when absent. */
  readonly isElastic?: (this: void) => Promise<boolean>;
  /** How the job is now, for the report; undefined when nobody can tell. */
  readonly state: (this: void) => Promise<string | undefined>;
}

/** What every step of a departure asks. */
export class JobRun {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly voice: JobVoice;

  constructor(plan: Plan, { cluster, clock, voice }: Pick<JobRun, 'cluster' | 'clock' | 'voice'>) {
    this.plan = plan;
    this.cluster = cluster;
    this.clock = clock;
    this.voice = voice;
  }

  get namespace(): string {
    return this.plan.target.namespace;
  }

  /** The node that is left. */
  get nodeName(): string {
    return String(this.plan.parameters['node'] ?? '');
  }

  /** The wish says that decisive pods are evicted. */
  get isAgreed(): boolean {
    return this.plan.parameters[DECISIVE] === 'evict';
  }

  leaving(context: StepContext): LeavingPod {
    return new LeavingPod(this.cluster, context);
  }

  pod(name: string): Promise<LivePod | undefined> {
    return readPod(this.cluster, this.namespace, name);
  }
}
