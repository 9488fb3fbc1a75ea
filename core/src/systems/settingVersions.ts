import { compareMinors } from '#core/kubernetes/versions.ts';
import type { ChangingFacts } from '#core/schema/settingCatalogues.ts';
import type { KnowledgeEntry } from '#core/systems/contract.ts';

/** What a version makes of a setting. `renamed` names are still read. */
export type SettingState = 'gone' | 'notYet' | 'renamed' | 'current';

/** Without a version nothing is held against a setting. */
export function stateIn(
  { removedIn, since, replacedBy, facts }: KnowledgeEntry,
  version: string | undefined,
): SettingState {
  if (version === undefined) return 'current';
  if (removedIn !== undefined && compareMinors(version, removedIn) >= 0) return 'gone';
  if (since !== undefined && compareMinors(version, since) < 0) return 'notYet';
  const renamedIn = facts?.renamedIn ?? (replacedBy === undefined ? undefined : facts?.deprecatedIn);
  return renamedIn !== undefined && compareMinors(version, renamedIn) >= 0 ? 'renamed' : 'current';
}

/** The facts as they are in a version; those of the newest release without one. */
export function factsIn({ facts }: KnowledgeEntry, version: string | undefined): ChangingFacts | undefined {
  const older = facts?.before?.find(({ until }) => version !== undefined && compareMinors(version, until) < 0);
  return facts && older ? { ...facts, ...older } : facts;
}

/** The facts of every release, newest first. */
export function allFacts({ facts }: KnowledgeEntry): readonly ChangingFacts[] {
  return facts ? [facts, ...(facts.before ?? []).map((older) => ({ ...facts, ...older }))] : [];
}

/** `4.1` of `4.1.0` and `v4.1.0-rc1`. */
export function minorOf(version: string | undefined): string | undefined {
  return version === undefined ? undefined : /^v?(\d+\.\d+)(?:[.\s+-]|$)/.exec(version)?.[1];
}
