import type { Evidence, Health, HealthLevel } from '#core/live/model.ts';
import { groupBy } from '#core/systems/kafka/live/groupBy.ts';
import { someOf } from '#core/systems/kafka/live/words.ts';

/** One fact, with the few words of it that fit into a sentence about the whole. */
export interface Finding {
  readonly level: HealthLevel;
  /** One sentence. */
  readonly text: string;
  /** For the sentence about the cluster; absent for what only the evidence tells. */
  readonly short?: string;
  /** The same of several members, `%s have no pod`; those that share it are one clause. */
  readonly several?: string;
  readonly source: Evidence['source'];
  readonly member?: string;
  readonly at?: number;
}

/** Evidence beyond this is counted: a cluster of a hundred brokers in trouble is no list to read. */
const EVIDENCE_LIMIT = 40;
const CLAUSE_LIMIT = 2;

const SEVERITY: readonly HealthLevel[] = ['healthy', 'done', 'working', 'unknown', 'warning', 'unhealthy'];

/** `3 of 3 brokers ready`, and the worst that there is to say. */
export function conclude(start: string, findings: readonly Finding[], ifQuiet: HealthLevel = 'healthy'): Health {
  const sorted = findings.toSorted((a, b) => SEVERITY.indexOf(b.level) - SEVERITY.indexOf(a.level));
  const worst = sorted[0]?.level ?? ifQuiet;
  const level = SEVERITY.indexOf(worst) > SEVERITY.indexOf(ifQuiet) ? worst : ifQuiet;
  const clauses = clausesOf(sorted.filter((finding) => finding.level !== 'healthy'));
  return { level, sentence: [start, ...clauses].join(', '), evidence: evidenceOf(sorted) };
}

/** The worst clauses, each once. What the same words say of several is said once. */
function clausesOf(sorted: readonly Finding[]): readonly string[] {
  const groups = groupBy(sorted, ({ several, short }) => several ?? short);
  const clauses = [...groups.values()].flatMap(clauseOf);
  const rest = clauses.length - CLAUSE_LIMIT;
  return rest <= 0 ? clauses : [...clauses.slice(0, CLAUSE_LIMIT), `and ${rest} more`];
}

function clauseOf(same: readonly Finding[]): readonly string[] {
  const [first] = same;
  const names = [...new Set(same.flatMap(({ member }) => member ?? []))];
  const isOne = names.length < 2 || first?.several === undefined;
  return isOne
    ? [first?.short ?? ''].filter((text) => text !== '')
    : [first.several.replace('%s', () => someOf(names))];
}

function toEvidence({ level, text, source, member, at }: Finding): Evidence {
  return { level, text, source, ...(member === undefined ? {} : { member }), ...(at === undefined ? {} : { at }) };
}

function evidenceOf(sorted: readonly Finding[]): readonly Evidence[] {
  const shown = sorted.slice(0, EVIDENCE_LIMIT).map(toEvidence);
  const rest = sorted.slice(EVIDENCE_LIMIT);
  const [first] = rest;
  if (!first) return shown;
  return [...shown, { level: first.level, source: first.source, text: `And ${rest.length} more facts like these` }];
}
