type Labels = Readonly<Record<string, string>>;

/**
 * Whether every label of a selector is there. An empty selector selects nothing here: a Service without one has its endpoints from
 * elsewhere, and that of a budget may stand for expressions that are not kept.
 */
export function selects(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}
