import { parseQuantity } from '#core/kubernetes/quantity.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** An amount under `limits` or `requests`. */
export interface ResourceEntry {
  readonly name: string;
  readonly view: NodeView;
  /** In base units; undefined when it cannot be read. */
  readonly amount: number | undefined;
  /** As written. */
  readonly written: string;
  /** As the server prints it: the name is in brackets, whatever it is. */
  readonly path: string;
}

const STANDARD = ['cpu', 'memory', 'ephemeral-storage'];

/** The amounts of a list; those with names that a program fills in are left out. */
export function resourceEntries(list: NodeView): readonly ResourceEntry[] {
  return list.fields.flatMap((view): ResourceEntry[] => {
    const name = String(view.step);
    if (/\$\{|\{\{/.test(name)) return [];
    const written = view.content?.kind === 'scalar' ? view.content.text : '';
    return [{ name, view, amount: view.quantity, written, path: `${list.path}[${name}]` }];
  });
}

export function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

/** Whether a container may ask for a resource of this name without a prefix. */
export function isStandard(name: string): boolean {
  return STANDARD.includes(name) || isHugePages(name);
}

/** A resource that something outside Kubernetes hands out in whole pieces, such as GPUs. */
export function isExtended(name: string): boolean {
  return name.includes('/') && !name.includes('kubernetes.io/') && !name.startsWith('requests.');
}

/** Whether pods may ask for more of it in the end than they requested. */
export function canBeOvercommitted(name: string): boolean {
  return !isHugePages(name) && !isExtended(name);
}

/** Bytes of one huge page, from the name of the resource. */
export function pageSize(name: string): number | undefined {
  return parseQuantity(name.slice('hugepages-'.length))?.value;
}

/** Whether a calculated amount is whole; thousandths are not exact in binary. */
export function isWhole(amount: number): boolean {
  return Math.abs(amount - Math.round(amount)) < 1e-6;
}
