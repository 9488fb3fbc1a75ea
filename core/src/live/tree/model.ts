import { rootNodes } from '#core/live/tree/contextNodes.ts';
import type { TreeInput } from '#core/live/tree/input.ts';
import type { TreeNode } from '#core/live/tree/node.ts';
import type { TreeRow } from '#core/live/tree/row.ts';

/** Stands for the whole tree where rows are named that changed. */
export const TOP = undefined;

/**
 * The part of the tree that has been looked at. Rows are made when they are asked for; a refresh makes them again and tells which of them
 * are other ones now, so that an editor draws those and no others. A row that says the same stays the same object.
 */
export class TreeModel {
  readonly #read: () => TreeInput;
  #nodes = new Map<string, TreeNode>();
  /** Children that were asked for, by the id of their parent. */
  #children = new Map<string | undefined, readonly TreeNode[]>();

  constructor(read: () => TreeInput) {
    this.#read = read;
  }

  /** @param id TOP for the first rows; a row that is gone has no children */
  childrenOf(id: string | undefined): readonly TreeRow[] {
    const known = this.#children.get(id) ?? this.#open(id);
    return known.map(({ row }) => row);
  }

  row(id: string): TreeRow | undefined {
    return this.#nodes.get(id)?.row;
  }

  /** Asks for everything on the way to a row. @param path ids from the first row to the one that is wanted */
  find(path: readonly string[]): TreeRow | undefined {
    let parent: string | undefined = TOP;
    let found: TreeRow | undefined;
    for (const id of path) {
      found = this.childrenOf(parent).find((row) => row.id === id);
      if (!found) return undefined;
      parent = id;
    }
    return found;
  }

  /** The ids of rows that have to be drawn again with what is below them, no one below another. */
  refresh(): readonly (string | undefined)[] {
    const known = this.#children.get(TOP);
    if (!known) return [];
    const round = new Refresh(this.#nodes, this.#children);
    round.compare(TOP, known, rootNodes(this.#read()), 'tell');
    this.#nodes = round.nodes;
    this.#children = round.children;
    return round.changed;
  }

  #open(id: string | undefined): readonly TreeNode[] {
    if (id !== TOP && !this.#nodes.has(id)) return [];
    const nodes = withUniqueIds(id === TOP ? rootNodes(this.#read()) : (this.#nodes.get(id)?.children?.() ?? []));
    this.#children.set(id, nodes);
    for (const node of nodes) this.#nodes.set(node.row.id, node);
    return nodes;
  }
}

/** One comparison of what was drawn with what there is now. What is gone is not taken over. */
class Refresh {
  readonly nodes = new Map<string, TreeNode>();
  readonly children = new Map<string | undefined, readonly TreeNode[]>();
  readonly changed: (string | undefined)[] = [];
  readonly #oldNodes: ReadonlyMap<string, TreeNode>;
  readonly #oldChildren: ReadonlyMap<string | undefined, readonly TreeNode[]>;

  constructor(
    oldNodes: ReadonlyMap<string, TreeNode>,
    oldChildren: ReadonlyMap<string | undefined, readonly TreeNode[]>,
  ) {
    this.#oldNodes = oldNodes;
    this.#oldChildren = oldChildren;
  }

  /** @param mode `take` below a row that is drawn again anyway */
  compare(
    parent: string | undefined,
    before: readonly TreeNode[],
    all: readonly TreeNode[],
    mode: 'tell' | 'take',
  ): void {
    const now = withUniqueIds(all);
    const isSameList = before.length === now.length && before.every(({ row }, index) => row.id === now[index]?.row.id);
    const isTold = mode === 'tell' && !isSameList;
    if (isTold) this.changed.push(parent);
    const nodes = now.map((node) => this.#compareNode(node, isTold ? 'take' : mode));
    this.children.set(parent, nodes);
  }

  #compareNode(node: TreeNode, mode: 'tell' | 'take'): TreeNode {
    const { id } = node.row;
    const known = this.#oldNodes.get(id);
    const old = known?.row;
    const isSame = old !== undefined && isSameRow(old, node.row);
    const kept: TreeNode = isSame ? { ...node, row: old } : node;
    this.nodes.set(id, kept);
    if (isSame && known?.children === node.children) {
      this.#keepBelow(id);
      return kept;
    }
    const isTold = mode === 'tell' && !isSame;
    if (isTold) this.changed.push(id);
    const opened = this.#oldChildren.get(id);
    if (opened) this.compare(id, opened, node.children?.() ?? [], isTold ? 'take' : mode);
    return kept;
  }

  /** The same maker of children makes the same children. */
  #keepBelow(id: string): void {
    const opened = this.#oldChildren.get(id);
    if (!opened) return;
    this.children.set(id, opened);
    for (const node of opened) {
      this.nodes.set(node.row.id, node);
      this.#keepBelow(node.row.id);
    }
  }
}

/** Editors refuse a tree in which an id occurs twice, and what a cluster sends is not to be relied upon. */
function withUniqueIds(nodes: readonly TreeNode[]): readonly TreeNode[] {
  const unique = new Map(nodes.map((node) => [node.row.id, node]));
  return unique.size === nodes.length ? nodes : [...unique.values()];
}

function isSameRow(a: TreeRow, b: TreeRow): boolean {
  return (
    a.label === b.label &&
    a.description === b.description &&
    a.tooltip === b.tooltip &&
    a.accessibilityLabel === b.accessibilityLabel &&
    a.expansion === b.expansion &&
    a.icon?.id === b.icon?.id &&
    a.icon?.color === b.icon?.color &&
    a.flags.join() === b.flags.join() &&
    JSON.stringify(a.target) === JSON.stringify(b.target)
  );
}
