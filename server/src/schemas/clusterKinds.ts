import { NEWEST_KUBERNETES_VERSION } from '#core/lint/settings.ts';
import { normalizeKubernetesVersion } from '#core/lint/levels.ts';
import { compareMinors } from '#core/kubernetes/versions.ts';
import type { ClusterSchemas } from '#core/protocol.ts';
import type { KindSchema, KindSource } from '#core/schema/catalog.ts';
import { readCrd } from '#core/schema/crd.ts';

const NOTHING: KindSource = { kinds: [] };

/** What the cluster the user has chosen says: its kinds and its version. */
export class ClusterKinds {
  #schemas: ClusterSchemas | undefined;
  #source: KindSource = NOTHING;
  #problems: readonly string[] = [];

  get source(): KindSource {
    return this.#source;
  }

  get problems(): readonly string[] {
    return this.#problems;
  }

  get context(): string | undefined {
    return this.#schemas?.context;
  }

  /** The version findings are for as far as settings leave that open; a cluster newer than we know is like the newest we know. */
  get kubernetesVersion(): string | undefined {
    const version = normalizeKubernetesVersion(this.#schemas?.kubernetesVersion ?? '');
    if (version === undefined) return undefined;
    return compareMinors(version, NEWEST_KUBERNETES_VERSION) > 0 ? NEWEST_KUBERNETES_VERSION : version;
  }

  set(schemas: ClusterSchemas | undefined): void {
    this.#schemas = schemas;
    const kinds: KindSchema[] = [];
    const problems: string[] = [];
    for (const { name, json } of schemas?.definitions ?? []) {
      const reading = readCrd(readJson(json), { origin: 'cluster', name: schemas?.context ?? '' });
      kinds.push(...reading.kinds);
      problems.push(...reading.problems.map((problem) => `${name} of the cluster: ${problem}`));
    }
    this.#source = { kinds };
    this.#problems = problems;
  }
}

function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
