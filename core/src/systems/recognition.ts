import type { DocumentFacts, MemberRole, Recognition, SystemId, SystemKind } from '#core/systems/contract.ts';

/** What a workload without an operator is, told from its main container. */
export interface ImageRow {
  /** Matches the repository of the image, without registry, tag and digest: `apache/kafka`. */
  readonly image: RegExp;
  readonly role: MemberRole;
  readonly flavour: string;
  /** A further sign that must be there, because programs of many kinds use the image. */
  readonly when?: (facts: DocumentFacts) => boolean;
}

export interface RecognitionTable {
  readonly system: SystemId;
  readonly kinds: readonly SystemKind[];
  readonly images: readonly ImageRow[];
  /** Names of files under `data` that only a ConfigMap of this system has. */
  readonly files: readonly string[];
}

/** Kinds that run pods. */
const WORKLOADS = new Set(['StatefulSet', 'Deployment', 'DaemonSet', 'ReplicaSet', 'Pod', 'Job', 'CronJob']);

/** By kind, then by image, then by file names; undefined unless one of them says it for sure. */
export function recognizeBy(table: RecognitionTable, facts: DocumentFacts): Recognition | undefined {
  const { system } = table;
  const known = table.kinds.find(({ group, kind }) => group === facts.group && kind === facts.kind);
  if (known) return { system, flavour: known.flavour, role: known.role };
  if (facts.kind === 'ConfigMap' && facts.group === '') {
    const isOwn = facts.dataKeys.some((key) => table.files.includes(key));
    return isOwn ? { system, flavour: 'kubernetes', role: 'configuration' } : undefined;
  }
  if (!WORKLOADS.has(facts.kind)) return undefined;
  const row = table.images.find(
    ({ image, when }) =>
      facts.containers.some((container) => image.test(repositoryOf(container.image))) && (when?.(facts) ?? true),
  );
  return row && { system, flavour: row.flavour, role: row.role };
}

/** Of images, which are few although containers are many. */
const repositories = new Map<string, string>();

const MOST_REPOSITORIES = 2000;

/** `registry:5000/apache/kafka:4.1@sha256:...` is `apache/kafka`. */
export function repositoryOf(image: string): string {
  const known = repositories.get(image);
  if (known !== undefined) return known;
  if (repositories.size >= MOST_REPOSITORIES) repositories.clear();
  const repository = readRepository(image);
  repositories.set(image, repository);
  return repository;
}

function readRepository(image: string): string {
  const [name = ''] = image.split('@');
  const parts = name.split('/');
  const last = parts.at(-1)?.replace(/:[^:]*$/, '') ?? '';
  const hasRegistry = parts.length > 1 && /[.:]|^localhost$/.test(parts[0] ?? '');
  return [...parts.slice(hasRegistry ? 1 : 0, -1), last].join('/');
}
