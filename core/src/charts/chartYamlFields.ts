/** What a field of `Chart.yaml` holds. */
export type ChartFieldType = 'text' | 'switch' | 'texts' | 'textMap' | 'maintainers' | 'dependencies' | 'anyList';

/** A field of `Chart.yaml`, or of one of its lists, with what it is for in our own words. */
export interface ChartField {
  readonly type: ChartFieldType;
  readonly description: string;
  readonly isRequired?: true;
  /** The values it may have. */
  readonly values?: readonly string[];
  /** Only charts of `apiVersion: v2` have it. */
  readonly onlyV2?: true;
}

export type ChartFields = Readonly<Record<string, ChartField>>;

/** Fields of `chart.Metadata` of helm v3.22.0. */
export const chartFields: ChartFields = {
  apiVersion: {
    type: 'text',
    isRequired: true,
    values: ['v2', 'v1'],
    description:
      'Which form the chart has: `v2` for Helm 3, with dependencies in this file; `v1` for charts that Helm 2 can read too.',
  },
  name: {
    type: 'text',
    isRequired: true,
    description:
      'Name of the chart. It is the first part of the name of its archive, and what others write to depend on it.',
  },
  version: {
    type: 'text',
    isRequired: true,
    description: 'Version of the chart itself, by SemVer 2. It must grow with every change that is published.',
  },
  kubeVersion: {
    type: 'text',
    description:
      'Range of Kubernetes versions the chart works with, such as `>=1.27.0-0`. Helm refuses to install it elsewhere.',
  },
  description: { type: 'text', description: 'What the chart installs, in one sentence. Searches show it.' },
  type: {
    type: 'text',
    values: ['application', 'library'],
    onlyV2: true,
    description:
      '`application` (when left out) can be installed; `library` only lends its named templates to other charts.',
  },
  keywords: { type: 'texts', description: 'Words by which the chart can be found.' },
  home: { type: 'text', description: 'Page of the project.' },
  sources: { type: 'texts', description: 'Where the sources of what the chart installs are.' },
  dependencies: {
    type: 'dependencies',
    onlyV2: true,
    description:
      'Other charts this one needs. `helm dependency update` puts them into `charts` and writes `Chart.lock`.',
  },
  maintainers: { type: 'maintainers', description: 'Who looks after the chart.' },
  icon: { type: 'text', description: 'Address of a picture for the chart, SVG or PNG.' },
  appVersion: {
    type: 'text',
    description:
      'Version of the application inside; any text. Templates read it as `.Chart.AppVersion`. Quote it, or 1.10 becomes 1.1.',
  },
  deprecated: { type: 'switch', description: 'Whether the chart is given up: repositories no longer show it.' },
  annotations: { type: 'textMap', description: 'Further facts as texts, for other tools; Helm does not look at them.' },
  condition: { type: 'text', description: 'Not used on a chart itself: write it on the entry in `dependencies`.' },
  tags: { type: 'text', description: 'Not used on a chart itself: write them on the entry in `dependencies`.' },
};

/** Fields of `chart.Dependency` of helm v3.22.0. */
const dependencyFields: ChartFields = {
  name: { type: 'text', isRequired: true, description: 'Name of the chart, as its own `Chart.yaml` has it.' },
  version: {
    type: 'text',
    description: 'Version, or range of versions such as `^1.2.0` or `>=1.2 <2`, from which the newest is taken.',
  },
  repository: {
    type: 'text',
    description:
      'Where the chart is: address of a repository (`https://...`, `oci://...`), a repository that was added (`@name` or `alias:name`), or a folder (`file://../common`). Empty when it stands in `charts` already.',
  },
  condition: {
    type: 'text',
    description:
      'Path in the values that switches it on and off, such as `redis.enabled`. Of several, parted by commas, the first that is there counts.',
  },
  tags: {
    type: 'texts',
    description:
      'Names in the value `tags` by which several dependencies are switched together. A condition wins over them.',
  },
  'import-values': {
    type: 'anyList',
    description:
      'Values of the dependency that are copied into those of this chart: names below its `exports`, or pairs of `child` and `parent`.',
  },
  alias: {
    type: 'text',
    description: 'Another name for it here, also in the values; so that one chart can be taken twice.',
  },
  enabled: { type: 'switch', description: 'Helm sets it by condition and tags; what is written here has no effect.' },
};

const maintainerFields: ChartFields = {
  name: { type: 'text', isRequired: true, description: 'Name of the person or team.' },
  email: { type: 'text', description: 'Address to write to.' },
  url: { type: 'text', description: 'Page of the person or team.' },
};

/** The fields of the object at a path of `Chart.yaml`; undefined where it has none of its own. */
export function chartFieldsAt(path: readonly (string | number)[]): ChartFields | undefined {
  if (path.length === 0) return chartFields;
  if (path.length !== 2 || typeof path[1] !== 'number') return undefined;
  return path[0] === 'dependencies' ? dependencyFields : path[0] === 'maintainers' ? maintainerFields : undefined;
}
