import { expect, test, vi } from 'vitest';
import { commandIds } from '#client/contributions.ts';
import type { LiveContexts } from '#client/live/liveContexts.ts';
import type { ClustersView } from '#client/views/clusters/clustersView.ts';
import { operatorCommands } from '#client/views/clusters/commands/operatorCommands.ts';
import { toTreeItem } from '#client/views/clusters/treeItem.ts';
import type { OperatorPanels } from '#client/views/operators/operatorPanels.ts';
import { TreeModel } from '#core/live/tree/model.ts';
import type { TreeRow } from '#core/live/tree/row.ts';
import { contextOf, inputOf } from '#test/support/liveViews.ts';
import { operatorContext, operatorOf, operatorWorkload } from '#test/support/operatorObjects.ts';

vi.mock('vscode', () => ({
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  TreeItem: class {
    readonly label: string;
    constructor(label: string) {
      this.label = label;
    }
  },
  ThemeIcon: class {
    readonly id: string;
    constructor(id: string) {
      this.id = id;
    }
  },
  ThemeColor: class {
    readonly id: string;
    constructor(id: string) {
      this.id = id;
    }
  },
}));

function rowsOf(model: TreeModel, id?: string): readonly TreeRow[] {
  return model.childrenOf(id).flatMap((row) => [row, ...rowsOf(model, row.id)]);
}

function findRow(kind: TreeRow['kind']): TreeRow {
  const view = operatorContext(operatorOf(operatorWorkload()));
  const model = new TreeModel(() => inputOf([contextOf('shop', view)]));
  const row = rowsOf(model).find((candidate) => candidate.kind === kind);
  if (row === undefined) throw new Error(`no ${kind}`);
  return row;
}

function setUp(selected?: TreeRow) {
  const done: unknown[] = [];
  const parts = {
    view: { selected: selected && { target: selected.target } },
    contexts: { connect: async (context: string) => void done.push(`connect ${context}`) },
    panels: { show: (context: string, operator: object) => void done.push(context, operator) },
  };
  // Only these parts are used by what is tested here.
  const [command] = operatorCommands(
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    parts.view as unknown as ClustersView,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    parts.contexts as unknown as LiveContexts,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    parts.panels as unknown as OperatorPanels,
  );
  return { run: async (argument?: unknown): Promise<unknown> => command?.run(argument), done };
}

test('a click on the row of an operator opens its page; so does the command on the selected row', async () => {
  const row = findRow('operator');
  const { command } = toTreeItem(row);
  expect(command?.command).toBe(commandIds.showOperator);
  const clicked = setUp();
  await clicked.run(command?.arguments?.[0]);
  expect(clicked.done).toEqual([
    'connect shop',
    'shop',
    expect.objectContaining({ namespace: 'ops', name: 'operator' }),
  ]);
  const pressed = setUp(row);
  await pressed.run();
  expect(pressed.done).toEqual(clicked.done);
});

test('other rows have no page of an operator', async () => {
  const definition = findRow('definition');
  expect(toTreeItem(definition).command).toBeUndefined();
  await expect(setUp(definition).run()).rejects.toThrow('No operator is selected.');
  await expect(setUp().run()).rejects.toThrow('No operator is selected.');
});
