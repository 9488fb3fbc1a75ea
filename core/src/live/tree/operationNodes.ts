import { counted } from '#core/live/plainText.ts';
import { isFiltering } from '#core/live/tree/input.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import { branch, leaf, type ContextScope, type TreeNode } from '#core/live/tree/node.ts';
import type { RowFlag, RowIcon } from '#core/live/tree/row.ts';
import { progressText } from '#core/operations/page/words.ts';
import { subjectTitle } from '#core/operations/subjectTitle.ts';
import type { RunState } from '#core/operations/model.ts';
import { isUnfinished, type ShownRun } from '#core/operations/shownRun.ts';

/** What has ended is shown for this long, in milliseconds. */
const LATELY_MS = 24 * 3_600_000;

/** Operations that go on, wait for somebody, or have ended lately; nothing when there are none. They hide while something is looked for. */
export function operationNodes(scope: ContextScope, parent: string): readonly TreeNode[] {
  const { context, input } = scope;
  const runs = context.operations.runs
    .filter(({ record }) => isUnfinished(record) || input.now - (record.endedAt ?? record.startedAt) < LATELY_MS)
    .toSorted((a, b) => rankOf(a) - rankOf(b) || b.record.startedAt - a.record.startedAt);
  if (runs.length === 0 || isFiltering(input.filter)) return [];
  const open = runs.filter(({ record }) => isUnfinished(record)).length;
  // An editor keeps a row closed that it has once shown closed. From the first operation of its own on it is given another row, which is open.
  const isOurs = context.operations.isOurs === true;
  const id = rowIds.group(parent, isOurs ? 'operationGroup' : 'otherOperations');
  const parts = {
    id,
    parent,
    kind: 'operationGroup',
    flags: scope.flags,
    label: 'Operations',
    description: [open === 0 ? counted(runs.length, 'ended lately', 'ended lately') : `${open} not ended`],
    tooltip: ['What is being done with data clusters here, by whom, and how far it is.'],
    icon: { id: 'tasklist' },
    role: 'Group',
    target: { kind: 'none', context: scope.name, key: undefined },
  } as const;
  const expansion = isOurs || open > 0 ? 'expanded' : 'collapsed';
  return [branch(parts, () => runs.map((run) => operationNode(scope, id, run)), expansion)];
}

/** What goes on comes first, then what waits for somebody. */
function rankOf({ record }: ShownRun): number {
  return order.indexOf(record.state.kind);
}

const order: readonly RunState['kind'][] = ['running', 'stopped', 'paused', 'cancelled', 'done'];

const icons: Readonly<Record<RunState['kind'], RowIcon>> = {
  running: { id: 'sync~spin', color: 'charts.blue' },
  stopped: { id: 'error', color: 'problemsErrorIcon.foreground' },
  paused: { id: 'debug-pause', color: 'problemsWarningIcon.foreground' },
  cancelled: { id: 'circle-slash', color: 'disabledForeground' },
  done: { id: 'pass', color: 'testing.iconPassed' },
};

function operationNode(scope: ContextScope, parent: string, run: ShownRun): TreeNode {
  const { plan, state, runner } = run.record;
  const { system, name, namespace } = plan.target;
  const waitingFor = run.current?.waitingFor;
  return leaf({
    id: rowIds.object(parent, system, `${namespace}/${name}`),
    parent,
    kind: 'operation',
    flags: [...scope.flags, ...flagsOf(run)],
    label: plan.title,
    description: [progressText(run), namespace],
    sentence: sentenceOf(state) ?? (waitingFor === undefined ? '' : `waits for: ${waitingFor}`),
    tooltip: [
      plan.title,
      `${subjectTitle(plan.target)} ${name} in the namespace ${namespace}`,
      `${state.kind === 'running' ? 'Run' : 'Last run'} by ${runner}`,
      sentenceOf(state) ?? '',
      state.kind === 'paused' || state.kind === 'stopped' ? `What to do: ${state.fix}` : '',
      run.obstacle ?? '',
    ],
    icon: icons[state.kind],
    role: 'Operation',
    target: { kind: 'operation', context: scope.name, system, namespace, name, plan: plan.id },
  });
}

function sentenceOf(state: RunState): string | undefined {
  return state.kind === 'paused' || state.kind === 'stopped' ? state.reason : undefined;
}

function flagsOf({ record, place }: ShownRun): readonly RowFlag[] {
  if (!isUnfinished(record)) return ['ended'];
  return place === 'nobody' ? ['unfinished', 'resumable'] : ['unfinished', 'running', ...resumableBy(place)];
}

/** What another machine runs may be taken over once its runner is gone. */
function resumableBy(place: ShownRun['place']): readonly RowFlag[] {
  return place === 'elsewhere' ? ['resumable'] : [];
}
