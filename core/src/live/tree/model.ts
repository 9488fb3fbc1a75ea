import { rootNodes } from '#core/live/tree/contextNodes.ts';
import type { TreeInput } from '#core/live/tree/input.ts';
import type { TreeNode } from '#core/live/tree/node.ts';
import type { RowKind, TreeRow } from '#core/live/tree/row.ts';

/** Stands for the whole tree where rows are named that changed. */
const TOP = undefined;

/**
 * How far what a context or a namespace says of all that is in it may be behind, in milliseconds. An editor draws a row with everything
 * below it, so that one count would cost a thousand rows with every change.
 */
export const SUMMARY_MS = 2000;

const summaryKinds: ReadonlySet<RowKind> = new Set<RowKind>(['context', 'namespace']);

/**
 * The part of the tree that has been looked at. Rows are made when they are asked for; a refresh makes them again and tells which of them
 * are other ones now, so that an editor draws those and no others. A row that says the same stays the same object.
 */
export class TreeModel {
  readonly #read: () => TreeInput;
  #nodes = new Map<string, TreeNode>();
  /** Children that were asked for, by the id of their parent. */
  #children = new Map<string | undefined, readonly TreeNode[]>();
  /** When another summary of a row was told last, by id. */
  #told: ReadonlyMap<string, number> = new Map();
  #isBehind = false;

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

  /** Whether the last refresh held something back, so that another one is due after SUMMARY_MS. */
  get isBehind(): boolean {
    return this.#isBehind;
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
    const input = this.#read();
    const old = { nodes: this.#nodes, children: this.#children, told: this.#told, isBehind: this.#isBehind };
    const round = new Refresh(old, input.now);
    round.compare(TOP, known, rootNodes(input), 'tell');
    this.#nodes = round.nodes;
    this.#children = round.children;
    this.#told = round.told;
    this.#isBehind = round.isBehind;
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

interface DrawnTree {
  readonly nodes: ReadonlyMap<string, TreeNode>;
  readonly children: ReadonlyMap<string | undefined, readonly TreeNode[]>;
  readonly told: ReadonlyMap<string, number>;
  readonly isBehind: boolean;
}

/** One comparison of what was drawn with what there is now. What is gone is not taken over. */
class Refresh {
  readonly nodes = new Map<string, TreeNode>();
  readonly children = new Map<string | undefined, readonly TreeNode[]>();
  readonly told = new Map<string, number>();
  readonly changed: (string | undefined)[] = [];
  isBehind = false;
  readonly #old: DrawnTree;
  readonly #now: number;

  constructor(old: DrawnTree, now: number) {
    this.#old = old;
    this.#now = now;
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
    const known = this.#old.nodes.get(id);
    const old = known?.row;
    const isSame = old !== undefined && isSameRow(old, node.row);
    const isOtherSummary = !isSame && old !== undefined && isSameButSummary(old, node.row);
    const isKept = isSame || (isOtherSummary && mode === 'tell' && this.#isTooSoon(id));
    const kept: TreeNode = isKept ? { ...node, row: old } : node;
    this.nodes.set(id, kept);
    // What was held back may be anywhere below.
    if (isKept && known?.children === node.children && !this.#old.isBehind) {
      this.#noteTime(id, false);
      this.#keepBelow(id);
      return kept;
    }
    const isTold = mode === 'tell' && !isKept;
    if (isTold) this.changed.push(id);
    this.#noteTime(id, isTold && isOtherSummary);
    const opened = this.#old.children.get(id);
    if (opened) this.compare(id, opened, node.children?.() ?? [], isTold ? 'take' : mode);
    return kept;
  }

  /** What it sums up is told by the rows below, at once. */
  #isTooSoon(id: string): boolean {
    const at = this.#old.told.get(id);
    // A clock may be set back at any time.
    const isSoon = at !== undefined && Math.abs(this.#now - at) < SUMMARY_MS;
    this.isBehind ||= isSoon;
    return isSoon;
  }

  #noteTime(id: string, isNow: boolean): void {
    const at = isNow ? this.#now : this.#old.told.get(id);
    if (at !== undefined) this.told.set(id, at);
  }

  /** The same maker of children makes the same children. */
  #keepBelow(id: string): void {
    const opened = this.#old.children.get(id);
    if (!opened) return;
    this.children.set(id, opened);
    for (const node of opened) {
      this.nodes.set(node.row.id, node);
      this.#noteTime(node.row.id, false);
      this.#keepBelow(node.row.id);
    }
  }
}

/** Editors refuse a tree in which an id occurs twice, and what a cluster sends is not to be relied upon. */
function withUniqueIds(nodes: readonly TreeNode[]): readonly TreeNode[] {
  const unique = new Map(nodes.map((node) => [node.row.id, node]));
  return unique.size === nodes.length ? nodes : [...unique.values()];
}

/** Only what it says of everything below it is another. */
function isSameButSummary(old: TreeRow, row: TreeRow): boolean {
  const { description, tooltip, accessibilityLabel } = old;
  return summaryKinds.has(row.kind) && isSameRow(old, { ...row, description, tooltip, accessibilityLabel });
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
