import type { Change } from '#core/systems/spark/operations/differences.ts';

/**
 * What an edit of a field does, mildest first:
 * - `nothing`: to what runs or will run;
 * - `kept`: the operator takes it up and no run is touched;
 * - `new pods`: running ones stay, those that are made later are as edited;
 * - `next run`: runs of a schedule that are made later;
 * - `rerun`: what runs is killed, and it runs from its beginning, finished ones too;
 * - `recreate`: the operator takes no notice, so the object has to be deleted and made anew;
 * - `refused`: not from here.
 */
export const effectKinds = ['nothing', 'kept', 'new pods', 'next run', 'rerun', 'recreate', 'refused'] as const;

export type EffectKind = (typeof effectKinds)[number];

/** What the operator that is there can do beyond the first versions. */
export interface Features {
  /** Of the Kubeflow operator: the gate PartialRestart, alpha in 2.5; undefined when its arguments may not be seen. */
  readonly partialRestart: boolean | undefined;
}

export interface EditRow {
  /** The path begins with these keys; the first row that fits counts. */
  readonly path: readonly string[];
  readonly kind: EffectKind;
  /** Behind the name of the field, without a full stop: `ends the run that is under way`. */
  readonly text: string;
  /** Only where this holds; the row is passed over otherwise. */
  readonly when?: (features: Features, change: Change) => boolean;
}

export interface Effect {
  readonly change: Change;
  readonly kind: EffectKind;
  readonly text: string;
}

const identity: readonly EditRow[] = [
  { path: ['metadata', 'name'], kind: 'refused', text: 'names another object: create that one instead' },
  { path: ['metadata', 'namespace'], kind: 'refused', text: 'is of another object: create that one instead' },
  { path: ['status'], kind: 'refused', text: 'is written by the operator alone' },
];

const ownVerb = (verb: string): string => `is what ${verb} does, with checks of its own: use that`;

/** What Kubernetes keeps of an object beside its spec is copied to pods when they are made, if at all. */
const metadata: EditRow = {
  path: ['metadata'],
  kind: 'nothing',
  text: 'reaches no pod that is there; labels are copied to the pods of the next run',
};

/** Source: EventFilter.Update of the Kubeflow operator 2.5: everything but two fields invalidates the run. */
const webhookFields = ['nodeSelector', 'tolerations', 'affinity', 'priorityClassName', 'schedulerName'];

export const kubeflowApplicationEdits: readonly EditRow[] = [
  ...identity,
  metadata,
  { path: ['spec', 'suspend'], kind: 'refused', text: ownVerb('Suspend or Resume') },
  {
    path: ['spec', 'timeToLiveSeconds'],
    kind: 'kept',
    text: 'touches no run; it counts from the end of the run, so that an application that ended longer ago is deleted at once',
  },
  ...webhookFields.map((field): EditRow => ({
    path: ['spec', 'executor', field],
    kind: 'new pods',
    text: 'goes to executors that are made from now on, because the operator has the gate PartialRestart; those that run stay',
    when: ({ partialRestart }) => partialRestart === true,
  })),
  ...webhookFields.map((field): EditRow => ({
    path: ['spec', 'executor', field],
    kind: 'rerun',
    text: 'makes it run anew; only an operator with the gate PartialRestart (2.5) leaves the run alone, and whether this one has it cannot be seen',
    when: ({ partialRestart }) => partialRestart === undefined,
  })),
  {
    path: ['spec', 'executor', 'instances'],
    kind: 'rerun',
    text: 'makes it run anew with that many executors; only dynamic allocation changes their number while it runs',
  },
  { path: ['spec'], kind: 'rerun', text: 'makes it run anew from its beginning, also when it has ended' },
];

/** Source: the reconciler of ScheduledSparkApplication in the Kubeflow operator 2.5. */
export const kubeflowScheduleEdits: readonly EditRow[] = [
  ...identity,
  metadata,
  { path: ['spec', 'suspend'], kind: 'refused', text: ownVerb('Pause schedule or Resume schedule') },
  {
    path: ['spec', 'concurrencyPolicy'],
    kind: 'refused',
    text: 'is none of Allow, Forbid and Replace: the operator would start one run and then never another (issue 2964)',
    when: (_, { after }) => after !== 'Allow' && after !== 'Forbid' && after !== 'Replace',
  },
  {
    path: ['spec', 'concurrencyPolicy'],
    kind: 'next run',
    text: 'counts from the next run on: Replace deletes the run before it, Forbid waits for it',
  },
  {
    path: ['spec', 'schedule'],
    kind: 'next run',
    text: 'counts after the next run, which still comes when the status says',
  },
  {
    path: ['spec', 'timeZone'],
    kind: 'next run',
    text: 'counts after the next run, which still comes when the status says',
  },
  {
    path: ['spec', 'template'],
    kind: 'next run',
    text: 'goes to the runs that are made from now on; one that is under way stays as it is',
  },
  {
    path: ['spec', 'successfulRunHistoryLimit'],
    kind: 'next run',
    text: 'is looked at when the next run starts; older runs beyond it are deleted then',
  },
  {
    path: ['spec', 'failedRunHistoryLimit'],
    kind: 'next run',
    text: 'is looked at when the next run starts; older runs beyond it are deleted then',
  },
  { path: ['spec'], kind: 'next run', text: 'counts from the next run on' },
];

/** Source: createOrUpdateServerPod of the Kubeflow operator: the server pod is made once from the spec (issues 2665, 3151). */
export const kubeflowConnectEdits: readonly EditRow[] = [
  ...identity,
  metadata,
  {
    path: ['spec', 'server', 'service'],
    kind: 'refused',
    text: 'is looked at only when the service is made: delete the service yourself after the edit',
  },
  {
    path: ['spec'],
    kind: 'rerun',
    text: 'is heeded only by a new server, so the server pod is deleted; every session ends with it',
  },
];

/** Source: issue 779 of the Apache operator, and its reconciler: a spec is read when an attempt begins. */
export const apacheApplicationEdits: readonly EditRow[] = [
  ...identity,
  metadata,
  { path: ['spec', 'suspend'], kind: 'refused', text: ownVerb('Suspend or Resume') },
  {
    path: ['spec'],
    kind: 'recreate',
    text: 'is not heeded on an application that is there (issue 779), so it is deleted and created anew; its history goes with it',
  },
];

/** Source: ClusterInitStep of the Apache operator: everything is made once. */
export const apacheClusterEdits: readonly EditRow[] = [
  ...identity,
  metadata,
  { path: ['spec', 'suspend'], kind: 'refused', text: ownVerb('Suspend or Resume') },
  {
    path: ['spec', 'clusterTolerations', 'instanceConfig'],
    kind: 'refused',
    text: 'is not heeded while the cluster runs: Change workers does it without a restart',
  },
  {
    path: ['spec'],
    kind: 'recreate',
    text: 'is not heeded while the cluster runs, so it is deleted and created anew; every application in it ends',
  },
];

/** What each change does, in the order of the changes. A field that no row is about is refused. */
export function effectsOf(rows: readonly EditRow[], changes: readonly Change[], features: Features): readonly Effect[] {
  return changes.map((change) => {
    const row = rows.find(({ path, when }) => isUnder(change.path, path) && (when?.(features, change) ?? true));
    return { change, kind: row?.kind ?? 'refused', text: row?.text ?? 'is not a field that can be edited' };
  });
}

function isUnder(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((key, index) => path[index] === key);
}

/** What the edit as a whole does: that of its gravest change. `nothing` when there is none. */
export function gravest(effects: readonly Effect[]): EffectKind {
  const worst = Math.max(0, ...effects.map(({ kind }) => effectKinds.indexOf(kind)));
  return effectKinds[worst] ?? 'refused';
}
