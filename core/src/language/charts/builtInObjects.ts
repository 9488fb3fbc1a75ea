import { chartFields } from '#core/charts/chartYamlFields.ts';

/** What Helm hands to templates besides the values, with what it is, in our own words (helm v3.22.0, ToRenderValues). */
export const builtInObjects: Readonly<Record<string, string>> = {
  Values: 'The values: values.yaml of the chart with everything laid over it.',
  Chart: 'What Chart.yaml says.',
  Release: 'The release that is made: its name, namespace and revision.',
  Capabilities: 'What the cluster can do: versions of Kubernetes and its APIs.',
  Files: 'The other files of the chart, such as `.Files.Get "config.ini"`.',
  Template: 'The template that is rendered: its name and the folder of the templates.',
  Subcharts: 'The scopes of the dependencies, by their names.',
};

const RELEASE: Readonly<Record<string, string>> = {
  Name: 'Name of the release.',
  Namespace: 'Namespace it is installed in.',
  IsInstall: 'Whether it is installed for the first time.',
  IsUpgrade: 'Whether it is an upgrade or a rollback.',
  Revision: 'Number of the revision, from 1.',
  Service: 'Who renders the template: always Helm.',
};

const CAPABILITIES: Readonly<Record<string, string>> = {
  APIVersions: 'The API versions of the cluster; `.Capabilities.APIVersions.Has "batch/v1"` asks for one.',
  KubeVersion: 'The version of Kubernetes, with `.Version`, `.Major` and `.Minor`.',
  HelmVersion: 'The version of Helm.',
};

/** The members of a built-in object; empty where anything may stand. */
export function membersOf(name: string | undefined): Readonly<Record<string, string>> {
  if (name === 'Release') return RELEASE;
  if (name === 'Capabilities') return CAPABILITIES;
  if (name === 'Template') return { Name: 'Path of the template.', BasePath: 'Folder of the templates.' };
  return name === 'Chart' ? CHART : {};
}

/** Fields of Chart.yaml as Go names them. */
const CHART: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(chartFields).map(([name, { description }]) => [
    name === 'apiVersion' ? 'APIVersion' : name.charAt(0).toUpperCase() + name.slice(1),
    description,
  ]),
);
