/** What is rendered: a chart in a folder, with further files of values laid over its own, the last one on top. */
export interface RenderRequest {
  readonly folder: string;
  readonly valuesFiles: readonly string[];
  /** Version of Kubernetes that templates and `kubeVersion` are told: `1.34`. */
  readonly kubernetesVersion: string;
}

/** The name a release has in a preview. */
const PREVIEW_RELEASE = 'preview';

/** Arguments of `helm template`, which renders on this machine alone: nothing is fetched, no cluster is asked. */
export function renderArguments({ folder, valuesFiles, kubernetesVersion }: RenderRequest): readonly string[] {
  return [
    'template',
    PREVIEW_RELEASE,
    folder,
    '--namespace',
    'default',
    '--include-crds',
    '--kube-version',
    kubernetesVersion,
    ...valuesFiles.flatMap((file) => ['--values', file]),
  ];
}
