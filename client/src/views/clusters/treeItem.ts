import * as vscode from 'vscode';
import { commandIds } from '#client/contributions.ts';
import { contextValueOf, type RowExpansion, type TreeRow } from '#core/live/tree/row.ts';

const collapsibleStates: Readonly<Record<RowExpansion, vscode.TreeItemCollapsibleState>> = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
};

/** A row as the editor draws it. Texts are given as plain strings, which the editor never reads as Markdown. */
export function toTreeItem(row: TreeRow): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, collapsibleStates[row.expansion]);
  item.id = row.id;
  item.description = row.description;
  item.tooltip = row.tooltip === '' ? row.label : row.tooltip;
  item.contextValue = contextValueOf(row);
  item.accessibilityInformation = { label: row.accessibilityLabel };
  if (row.icon) {
    const { id, color } = row.icon;
    item.iconPath =
      color === undefined ? new vscode.ThemeIcon(id) : new vscode.ThemeIcon(id, new vscode.ThemeColor(color));
  }
  // There is nothing below it to be opened, so a click opens its page.
  if (row.target.kind === 'operation') {
    item.command = { command: commandIds.showOperation, title: 'Show Operation', arguments: [{ target: row.target }] };
  }
  if (row.kind === 'operator') {
    item.command = { command: commandIds.showOperator, title: 'Show Operator', arguments: [{ target: row.target }] };
  }
  return item;
}
