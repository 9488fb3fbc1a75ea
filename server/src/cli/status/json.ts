import type { DataCluster, Evidence } from '#core/live/model.ts';
import type { ContextSummary } from '#core/live/ports.ts';
import type { ContextView, JudgedCluster, JudgedMember } from '#core/live/view.ts';
import { LEVELS } from '#server/cli/status/levels.ts';

/** The machine-readable form; its shape is a contract with users, see the help of the command. Absent values are null. */
export function statusJson(view: ContextView, context: ContextSummary, clusters: readonly JudgedCluster[]): object {
  return {
    context: context.name,
    server: context.server,
    simulated: context.isDemo,
    kubernetesVersion: view.version?.gitVersion ?? null,
    namespaces: view.namespaces ?? null,
    clusters: clusters.map(clusterJson),
    limits: view.limits.map(({ verb, group, resource, namespace, reason }) => ({
      verb,
      group,
      resource,
      namespace: namespace ?? null,
      reason,
    })),
    summary: Object.fromEntries(
      LEVELS.map((level) => [level, clusters.filter(({ health }) => health.level === level).length]),
    ),
  };
}

export function clusterJson({ cluster, health, members, inside }: JudgedCluster): object {
  return {
    namespace: cluster.namespace,
    system: cluster.system,
    kind: kindOf(cluster),
    flavour: cluster.flavour,
    name: cluster.name,
    version: cluster.version === '' ? null : cluster.version,
    level: health.level,
    sentence: health.sentence,
    evidence: health.evidence.map(evidenceJson),
    members: members.map(memberJson),
    inside: inside
      ? { askedAt: isoTime(inside.askedAt), answered: inside.facts !== undefined, problems: inside.problems }
      : null,
  };
}

/** What names a data cluster that is no longer there. */
export function goneJson({ cluster }: JudgedCluster): object {
  const { namespace, system, name } = cluster;
  return { namespace, system, kind: kindOf(cluster), name };
}

/** Of the custom resource that defines it. */
const kindOf = ({ resource }: DataCluster): string | null => resource?.customKind ?? null;

function evidenceJson({ level, text, source, member, at }: Evidence): object {
  return { level, text, source, member: member ?? null, at: at === undefined ? null : isoTime(at) };
}

function memberJson({ member, health }: JudgedMember): object {
  const { name, role, pod } = member;
  return { name, role, node: pod?.node ?? null, level: health.level, sentence: health.sentence };
}

export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
