import type { Evidence, HealthLevel } from '#core/live/model.ts';

/** Evidence before it is put into a sentence: who or what, and what is said of it. */
export interface Finding {
  readonly level: HealthLevel;
  readonly source: Evidence['source'];
  /** `cassandra-1`, `cass-operator`, `schema`. */
  readonly subject: string;
  /** Goes on after the subject: `has no pod`. */
  readonly said: string;
  /** The member it is about; its row says the same without the subject. */
  readonly member?: string | undefined;
  readonly at?: number | undefined;
}

const SEVERITY: readonly HealthLevel[] = ['healthy', 'done', 'working', 'unknown', 'warning', 'unhealthy'];

export const severityOf = (level: HealthLevel): number => SEVERITY.indexOf(level);

/** Worst first; what is equally bad stays in its order. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => severityOf(b.level) - severityOf(a.level));
}

export function toEvidence({ level, source, subject, said, member, at }: Finding): Evidence {
  return {
    level,
    text: `${subject} ${said}`,
    source,
    ...(member === undefined ? {} : { member }),
    ...(at === undefined ? {} : { at }),
  };
}
