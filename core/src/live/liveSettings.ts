import { SectionReader } from '#core/sectionReader.ts';

/** When the systems themselves are asked. */
export type InsideMode = 'onDemand' | 'whenExpanded';

/** The settings about live clusters; see core/src/settings.ts for what each one means. */
export interface LiveSettings {
  readonly kubeconfig: readonly string[];
  /** Patterns of contexts and the namespaces to watch in them. */
  readonly namespaces: Readonly<Record<string, readonly string[]>>;
  readonly protectedContexts: readonly string[];
  readonly readOnlyContexts: readonly string[];
  readonly inside: InsideMode;
}

export interface ParsedLiveSettings {
  readonly settings: LiveSettings;
  /** One sentence for every value that cannot be used; the default counts instead. */
  readonly problems: readonly string[];
}

/**
 * Reads the `dataClusters` section.
 *
 * @param levels the values of the two lists that protect, at every level of settings: all of them count together
 */
export function readLiveSettings(
  section: unknown,
  levels: { readonly protectedContexts: readonly unknown[]; readonly readOnlyContexts: readonly unknown[] },
): ParsedLiveSettings {
  const reader = new SectionReader(section);
  const inside = reader.value('inside');
  if (inside !== undefined && inside !== 'onDemand' && inside !== 'whenExpanded') {
    reader.refuse('inside', 'onDemand or whenExpanded');
  }
  const united = (key: 'protectedContexts' | 'readOnlyContexts'): readonly string[] => [
    ...new Set(levels[key].flatMap((value) => reader.textsOf(key, value))),
  ];
  const settings: LiveSettings = {
    kubeconfig: reader.strings('kubeconfig'),
    namespaces: reader.lists('namespaces'),
    protectedContexts: united('protectedContexts'),
    readOnlyContexts: united('readOnlyContexts'),
    inside: inside === 'whenExpanded' ? 'whenExpanded' : 'onDemand',
  };
  return { settings, problems: reader.problems };
}

/** What the settings say of one context. */
export interface ContextPolicy {
  /** Changes want a name to be typed. */
  readonly isProtected: boolean;
  /** No action changes anything. */
  readonly isReadOnly: boolean;
  /** Namespaces to watch; undefined when the settings name none. */
  readonly namespaces: readonly string[] | undefined;
}

export function policyOf(context: string, settings: LiveSettings): ContextPolicy {
  const matches = (pattern: string): boolean => matchesContext(pattern, context);
  const named = Object.entries(settings.namespaces).filter(([pattern]) => matches(pattern));
  const namespaces = [...new Set(named.flatMap(([, list]) => list))];
  return {
    isProtected: settings.protectedContexts.some(matches),
    isReadOnly: settings.readOnlyContexts.some(matches),
    namespaces: namespaces.length === 0 ? undefined : namespaces,
  };
}

/** `*` stands for any text, slashes and colons as well: `arn:aws:eks:*:cluster/prod`. Case counts. */
export function matchesContext(pattern: string, context: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  if (others.length === 0) return first === context;
  const last = others.pop() ?? '';
  if (!context.startsWith(first) || !context.endsWith(last) || context.length < first.length + last.length)
    return false;
  let from = first.length;
  const end = context.length - last.length;
  for (const part of others) {
    const at = context.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
