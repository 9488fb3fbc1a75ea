import { plainText } from '#core/live/plainText.ts';
import type { TreeContext, TreeInput } from '#core/live/tree/input.ts';
import type { RowFlag, RowIcon, RowKind, RowExpansion, RowTarget, TreeRow } from '#core/live/tree/row.ts';

/** A row and what is below it, made when it is asked for. */
export interface TreeNode {
  readonly row: TreeRow;
  readonly children?: () => readonly TreeNode[];
}

/** What everything below a context is drawn from. */
export interface ContextScope {
  readonly input: TreeInput;
  readonly context: TreeContext;
  /** Name of the context. */
  readonly name: string;
  /** What holds for the context holds for everything in it: `demo`, `protected`, `readOnly` or `writable`. */
  readonly flags: readonly RowFlag[];
}

export interface RowParts {
  readonly id: string;
  readonly parent: string | undefined;
  readonly kind: RowKind;
  readonly flags: readonly RowFlag[];
  readonly label: string;
  /** Joined by dots; empty parts are left out. */
  readonly description?: readonly string[];
  /** Comes after the description, behind a dash. */
  readonly sentence?: string;
  /** One a line; empty lines are left out. */
  readonly tooltip?: readonly string[];
  readonly icon?: RowIcon;
  /** Said before the label: `Kafka cluster`. */
  readonly role: string;
  /** Said after the label, where the icon tells it: `unhealthy`. */
  readonly state?: string;
  readonly target: RowTarget;
}

/** The one place where rows are made, so that no text of a cluster gets into one as it came. */
export function makeRow(parts: RowParts, expansion: RowExpansion): TreeRow {
  const { id, parent, kind, flags, icon, target, role, state = '' } = parts;
  const label = plainText(parts.label);
  const facts = withoutEmpty(parts.description ?? []).join(' · ');
  const sentence = plainText(parts.sentence ?? '', SENTENCE_LIMIT);
  return {
    id,
    parent,
    kind,
    flags,
    label,
    description: withoutEmpty([facts, sentence]).join(' — '),
    tooltip: withoutEmpty(parts.tooltip ?? [], SENTENCE_LIMIT).join('\n'),
    icon,
    accessibilityLabel: withoutEmpty([`${role} ${label}`, state, facts, sentence], SENTENCE_LIMIT).join(', '),
    expansion,
    target,
  };
}

const SENTENCE_LIMIT = 400;

function withoutEmpty(texts: readonly string[], limit?: number): readonly string[] {
  return texts.map((text) => plainText(text, limit)).filter((text) => text !== '');
}

/** A row with nothing below it. */
export function leaf(parts: RowParts): TreeNode {
  return { row: makeRow(parts, 'none') };
}

/** A row with something below it. */
export function branch(
  parts: RowParts,
  children: () => readonly TreeNode[],
  expansion: 'collapsed' | 'expanded' = 'collapsed',
): TreeNode {
  return { row: makeRow(parts, expansion), children };
}

/** A sentence in the place of rows. */
export function messageNode(parent: string, context: string | undefined, text: string, icon: RowIcon): TreeNode {
  return leaf({
    id: `${parent}/message`,
    parent,
    kind: 'message',
    flags: [],
    label: text,
    tooltip: [text],
    icon,
    role: '',
    target: { kind: 'none', context, key: undefined },
  });
}
