import type { ObjectView } from '#core/lint/rules/object.ts';

/**
 * What an operator will create of a manifest, as plain data: it is made by the systems, sent by the server, and shown as a page or as text.
 * Nothing of it was asked of a cluster. What the manifest does not tell is said to be unknown, never guessed.
 */
export interface Preview {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty when the manifest names none. */
  readonly name: string;
  /** Empty when the manifest names none; it is then the one of whoever applies it. */
  readonly namespace: string;
  /** Who creates it: `Kubeflow Spark Operator`. */
  readonly operator: string;
  /** The whole in a sentence or two. */
  readonly summary: string;
  readonly pods: readonly PodPreview[];
  /** What all pods ask the cluster for; absent where no pods can be told. */
  readonly totals?: PreviewTotals;
  /** Objects beside the pods. */
  readonly objects: readonly ObjectPreview[];
  readonly mounts: readonly MountPreview[];
  /** What happens later, one subject each: restarts, failed submissions, edits. */
  readonly behaviour: readonly BehaviourPreview[];
  /** Texts that containers will get, such as TF_CONFIG. */
  readonly texts: readonly TextPreview[];
  /** What cannot be known from the manifest, one whole sentence each. */
  readonly unknowns: readonly string[];
}

/** An amount and its words, with the reason where it is not known. Memory in bytes, processors in cores. */
export type Amount =
  | { readonly state: 'known'; readonly text: string; readonly value: number }
  | { readonly state: 'none'; readonly text: string }
  | { readonly state: 'unknown'; readonly text: string };

/** How many there are. `most` is absent where nothing bounds it, both are where nothing is known. */
export interface CountPreview {
  readonly text: string;
  readonly least?: number;
  readonly most?: number;
}

export interface ContainerPreview {
  readonly name: string;
  /** Empty where the manifest does not tell. */
  readonly image: string;
  readonly isInit: boolean;
  readonly cpuRequest: Amount;
  readonly cpuLimit: Amount;
  readonly memoryRequest: Amount;
  readonly memoryLimit: Amount;
  /** Devices and what else it asks for: `1 nvidia.com/gpu`. */
  readonly others: readonly string[];
}

/** Pods that are alike. */
export interface PodPreview {
  /** `driver`, `executor`, `worker`. */
  readonly role: string;
  /** Their names; parts that are made when they start stand in angle brackets: `etl-<random>-exec-<number>`. */
  readonly names: readonly string[];
  readonly count: CountPreview;
  readonly containers: readonly ContainerPreview[];
  /** What the memory of the first container is made of. */
  readonly memoryParts: readonly MemoryPart[];
}

export interface MemoryPart {
  readonly what: string;
  readonly amount: Amount;
  /** Where the number comes from: `spec.driver.memory`, `default of Spark`. */
  readonly from: string;
}

/** The sums at the least and at the most number of pods; `most` has no values where nothing bounds it. */
export interface PreviewTotals {
  readonly least: PreviewSum;
  readonly most: PreviewSum;
}

export interface PreviewSum {
  readonly pods: CountPreview;
  readonly cpu: Amount;
  readonly memory: Amount;
}

export interface ObjectPreview {
  readonly kind: string;
  readonly name: string;
  readonly what: string;
}

/** A volume, a ConfigMap or a Secret and what becomes of it. */
export interface MountPreview {
  readonly role: string;
  /** `ConfigMap etl-settings`, `volume data (persistentVolumeClaim)`. */
  readonly source: string;
  /** Empty where it is not mounted. */
  readonly path: string;
  readonly outcome: 'mounted' | 'dropped' | 'fails' | 'unused';
  readonly note: string;
}

export interface BehaviourPreview {
  readonly subject: string;
  readonly text: string;
}

export interface TextPreview {
  /** `TF_CONFIG of mnist-worker-0`. */
  readonly title: string;
  readonly content: string;
}

/** How a system foretells what its operators create. */
export interface SystemPreview {
  /** Group and kind of the objects it knows: `kubeflow.org/TFJob`. */
  readonly kinds: readonly string[];
  /** Never fails: what cannot be read is unknown. Undefined for versions whose operators nobody runs any more. */
  foretell(object: ObjectView): Preview | undefined;
}
