import type { LiveTarget } from '#core/live/target.ts';
import type { OperationName, SubjectId } from '#core/operations/model.ts';
import type { SystemId } from '#core/systems/contract.ts';

/**
 * One row of the tree of live clusters, as plain data. Texts are plain text: what came from a cluster has lost its control characters,
 * and is never read as Markdown, as an icon or as a command.
 */
export interface TreeRow {
  /** The same as long as the thing it stands for exists. */
  readonly id: string;
  /** Id of the row above; undefined at the top. */
  readonly parent: string | undefined;
  readonly kind: RowKind;
  /** What holds for it now, for the conditions of menus. */
  readonly flags: readonly RowFlag[];
  readonly label: string;
  /** Beside the label, quieter. */
  readonly description: string;
  readonly tooltip: string;
  readonly icon: RowIcon | undefined;
  /** What a screen reader says: everything that is told by place, icon and colour. */
  readonly accessibilityLabel: string;
  readonly expansion: RowExpansion;
  readonly target: RowTarget;
}

export type RowExpansion = 'none' | 'collapsed' | 'expanded';

export interface RowIcon {
  /** Of the product icons of the editor: `error`. */
  readonly id: string;
  /** Of the theme: `problemsErrorIcon.foreground`. */
  readonly color?: string;
}

const systemIds = ['cassandra', 'kafka', 'spark', 'tfjob'] as const satisfies readonly SystemId[];

/** What a row stands for. Menus of the manifest name nothing else; a contract test compares the two. */
export const rowKinds = [
  'context',
  'namespace',
  ...systemIds.map((system) => `dataCluster.${system}` as const),
  ...systemIds.map((system) => `member.${system}` as const),
  'workloads',
  'workload',
  'storage',
  'claim',
  'configuration',
  'configMap',
  'secret',
  'services',
  'service',
  'budgets',
  'budget',
  'customGroup',
  'custom',
  'events',
  'event',
  'helmGroup',
  'helmRelease',
  'helmRevision',
  'operatorGroup',
  'operator',
  'definitionGroup',
  'definition',
  'operationGroup',
  'operation',
  'limitGroup',
  'limit',
  'message',
] as const;

export type RowKind = (typeof rowKinds)[number];

/** What may hold for a row besides its kind, each word once. */
export const rowFlags = {
  /** Of a context: it is watched now. */
  connected: 'The context is watched.',
  disconnected: 'The context can be watched and is not.',
  unusable: 'The context cannot be used, or is no longer in any kubeconfig.',
  demo: 'A simulation inside this program.',
  /** Of a context and everything below it. */
  protected: 'A setting protects the context: changes want its name to be typed.',
  readOnly: 'A setting forbids changes in this context.',
  writable: 'No setting forbids changes in this context.',
  favourite: 'The user has put it first.',
  ordinary: 'It can be put first and is not.',
  /** Of a data cluster. */
  askable: 'The system itself can be asked.',
  asked: 'The system itself is asked again and again.',
  /** Of a data cluster: a custom resource defines it. Of a member: its pod exists. */
  exists: 'There is an object of the API behind it.',
  /** Of a data cluster and its members: what can be done with it, planned first. */
  canRestart: 'Its members can be restarted one after the other.',
  canDrain: 'Its members can be emptied or relieved of leading.',
  canRebalance: 'Its load can be evened out.',
  canScale: 'It can have more or fewer members.',
  canConfigure: 'Its settings can be changed.',
  canReplace: 'A member that is lost for good can be replaced.',
  canMove: 'A pod of it is on a Kubernetes node and can be moved off it.',
  canRollBack: 'There is an earlier revision to go back to.',
  /** Of a job: what can be done with it, planned first. */
  canRerun: 'It can be run once more from its beginning.',
  canSuspend: 'Its pods can be taken away while it stays.',
  canUnsuspend: 'It is suspended and can go on.',
  canStop: 'It can be ended for good.',
  canResubmit: 'It can be changed and run as changed.',
  canChangeWorkers: 'It can have more or fewer workers.',
  canSchedule: 'Its schedule can be paused or resumed.',
  /** Of an operation. */
  running: 'Somebody runs it, here or elsewhere.',
  resumable: 'It can be gone on with from here.',
  unfinished: 'It has not ended, or ended in between.',
  ended: 'It is done or cancelled.',
} as const;

export type RowFlag = keyof typeof rowFlags;

/** How a row says that an operation is offered on it. */
export const operationFlags: Readonly<Record<OperationName, RowFlag>> = {
  restart: 'canRestart',
  drain: 'canDrain',
  rebalance: 'canRebalance',
  scale: 'canScale',
  configure: 'canConfigure',
  replace: 'canReplace',
  rollback: 'canRollBack',
  rerun: 'canRerun',
  suspend: 'canSuspend',
  unsuspend: 'canUnsuspend',
  stop: 'canStop',
  resubmit: 'canResubmit',
  workers: 'canChangeWorkers',
  schedule: 'canSchedule',
};

/**
 * The text that `viewItem` is compared with: the kind and every flag, each followed by a semicolon: `dataCluster.kafka;writable;ordinary;`.
 * Menus ask `viewItem =~ /^dataCluster\\./ && viewItem =~ /;writable;/`.
 */
export function contextValueOf({ kind, flags }: Pick<TreeRow, 'kind' | 'flags'>): string {
  return [kind, ...flags, ''].join(';');
}

/** A Helm release. */
export interface ReleaseTarget {
  readonly kind: 'release';
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
}

/** One revision of a release, and the Secret that holds it. */
export interface RevisionTarget {
  readonly kind: 'revision';
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  readonly secret: string;
}

/** The last operation on a data cluster or a Kubernetes node. */
export interface OperationRowTarget {
  readonly kind: 'operation';
  readonly context: string;
  readonly system: SubjectId;
  readonly namespace: string;
  readonly name: string;
  /** Id of the plan. */
  readonly plan: string;
}

/** A group, an event, a limit, a message: nothing to act on but what is above it. */
export interface NoTarget {
  readonly kind: 'none';
  readonly context: string | undefined;
  /** The data cluster it belongs to. */
  readonly key: string | undefined;
}

/** What an action on a row acts on. Names are as the API has them, not as they are shown. */
export type RowTarget = LiveTarget | ReleaseTarget | RevisionTarget | OperationRowTarget | NoTarget;

/** What the editor hands to a command of the tree; row and target are the present ones. */
export interface TreeElement {
  readonly id: string;
  readonly row: TreeRow;
  readonly target: RowTarget;
}

/** Whether an argument of a command is a row of the tree: commands are also run from the palette and from key bindings. */
export function isTreeElement(value: unknown): value is TreeElement {
  return typeof value === 'object' && value !== null && 'row' in value && 'target' in value;
}
