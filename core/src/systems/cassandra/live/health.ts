import type { DataCluster, Health, InsideFacts, LiveMember } from '#core/live/model.ts';
import { toEvidence, worstFirst, type Finding } from '#core/systems/cassandra/live/findings.ts';
import { cassandraFacts } from '#core/systems/cassandra/live/inside.ts';
import { operatorFindings } from '#core/systems/cassandra/live/operatorFindings.ts';
import { podFindings } from '#core/systems/cassandra/live/podFindings.ts';
import { memberRingFindings, ringFindings, type AskedRing } from '#core/systems/cassandra/live/ringFindings.ts';
import { isPodHidden, memberSentence, ringSentence } from '#core/systems/cassandra/live/sentence.ts';
import { workloadFindings } from '#core/systems/cassandra/live/workloadFindings.ts';

/** After this the answers of a ring are a thing of the past: told as such, and no longer part of a verdict. */
const FRESH = 5 * 60_000;

/** What is so and why. Only a ring that was asked, and lately, is called whole. */
export function ringHealth(cluster: DataCluster, inside: InsideFacts | undefined, now: number): Health {
  const asked = freshRing(inside, now);
  const findings = worstFirst([
    ...(asked ? ringFindings(cluster, asked, now) : []),
    ...(isPodHidden(cluster) ? [podsHidden] : []),
    ...cluster.members.flatMap((member) => podFindingsOf(member, cluster, now)),
    ...workloadFindings(cluster, now),
    ...operatorFindings(cluster, now),
  ]);
  const all = worstFirst([...findings, ...unasked(cluster, inside)]);
  return {
    level: all[0]?.level ?? quietLevel(cluster),
    sentence: ringSentence({ cluster, inside, asked, findings, now }),
    evidence: all.map(toEvidence),
  };
}

/** The same for one member, without its name. */
export function nodeHealth(
  member: LiveMember,
  cluster: DataCluster,
  inside: InsideFacts | undefined,
  now: number,
): Health {
  const asked = freshRing(inside, now);
  const about = [
    ...(asked ? memberRingFindings(member, asked, now) : []),
    ...podFindingsOf(member, cluster, now),
    ...unasked(cluster, inside),
  ];
  const findings = worstFirst(about.filter((finding) => finding.member === member.name));
  const isUnseen = member.pod === undefined && isPodHidden(cluster);
  return {
    level: findings[0]?.level ?? (isUnseen ? 'unknown' : 'healthy'),
    sentence: memberSentence(member, cluster, findings, asked),
    evidence: findings.map(toEvidence),
  };
}

function freshRing(inside: InsideFacts | undefined, now: number): AskedRing | undefined {
  const facts = cassandraFacts(inside);
  return inside && facts && now - inside.askedAt <= FRESH ? { inside, facts } : undefined;
}

const podsHidden: Finding = {
  level: 'unknown',
  source: 'kubernetes',
  subject: 'pods',
  said: 'may not be listed here',
};

/** A pod that may not be listed is not missing. */
function podFindingsOf(member: LiveMember, cluster: DataCluster, now: number): readonly Finding[] {
  if (!member.pod && isPodHidden(cluster)) return [];
  return podFindings(member, heldBackBy(member, cluster), now);
}

/** With OrderedReady a pod is made only when those before it are ready. */
function heldBackBy({ name, index }: LiveMember, { workloads, members }: DataCluster): LiveMember | undefined {
  const set = workloads.find(({ meta }) => name === `${meta.name}-${index ?? ''}`);
  if (!set || index === undefined || set.podManagementPolicy === 'Parallel') return undefined;
  return members.find(
    (other) =>
      other.index !== undefined &&
      other.index < index &&
      other.name === `${set.meta.name}-${other.index}` &&
      other.pod?.isReady !== true,
  );
}

/** Who was asked and did not answer. */
function unasked({ members }: DataCluster, inside: InsideFacts | undefined): readonly Finding[] {
  return (inside?.problems ?? []).map((problem) => {
    const [subject = '', ...rest] = problem.split(' ');
    const member = members.some(({ name }) => name === subject) ? subject : undefined;
    return { level: 'unknown', source: 'cassandra', subject, said: rest.join(' '), member };
  });
}

/** Nothing is said against it. Without any node there is nothing to be healthy, either. */
function quietLevel({ members, wanted }: DataCluster): Health['level'] {
  if (members.length > 0) return 'healthy';
  return wanted === 0 ? 'done' : 'unknown';
}
