import { plainText } from '#core/live/plainText.ts';
import type { Amount, ContainerPreview, PodPreview, Preview, PreviewSum } from '#core/preview/model.ts';

/** A preview as plain text for a terminal. Names come from a manifest, so every line is made safe. */
export function previewText(preview: Preview): string {
  const { name, namespace, kind, operator, summary } = preview;
  const where = namespace === '' ? '' : ` in ${namespace}`;
  const lines = [
    `${kind} ${name === '' ? '<no name>' : name}${where}: what the ${operator} will create`,
    summary,
    ...preview.pods.flatMap(podLines),
    ...totalLines(preview),
    ...listing('Objects', preview.objects, ({ kind: of, name: called, what }) => `${of} ${called}: ${what}`),
    ...listing('Volumes, ConfigMaps and Secrets', preview.mounts, mountLine),
    ...listing('What happens then', preview.behaviour, ({ subject, text }) => `${subject}: ${text}`),
    ...listing('Not known from the manifest', preview.unknowns, (text) => text),
  ];
  // What a container gets is meant to be copied, so it is not cut.
  const texts = preview.texts.flatMap(({ title, content }) => [
    '',
    `${plainText(title)}:`,
    plainText(content, 100_000),
  ]);
  return [...lines.map((line) => indented(line)), ...texts, ''].join('\n');
}

function indented(line: string): string {
  const blanks = /^ */.exec(line)?.[0] ?? '';
  return `${blanks}${plainText(line, 1_000)}`;
}

function listing<Item>(title: string, items: readonly Item[], line: (item: Item) => string): readonly string[] {
  return items.length === 0 ? [] : ['', title, ...items.map((item) => `  ${line(item)}`)];
}

function podLines(pod: PodPreview): readonly string[] {
  return [
    '',
    `Pods: ${pod.role}, ${pod.count.text}`,
    ...pod.names.map((name) => `  ${name}`),
    ...pod.containers.map((container) => `  ${containerText(container)}`),
    ...pod.memoryParts.map(({ what, amount, from }) => `    ${what}: ${amount.text}${from === '' ? '' : ` (${from})`}`),
  ];
}

/** One container in a line: `container spark-kubernetes-driver, image spark:4.0.0: processors 1 (limit none), memory 1408 MiB`. */
function containerText({ name, image, isInit, others, ...amounts }: ContainerPreview): string {
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = amounts;
  const parts = [
    `processors ${rangeText(cpuRequest, cpuLimit)}`,
    `memory ${rangeText(memoryRequest, memoryLimit)}`,
    ...others,
  ];
  return `${isInit ? 'init container' : 'container'} ${name}${image === '' ? '' : `, image ${image}`}: ${parts.join(', ')}`;
}

/** A request and its limit; once where they are the same. */
export function rangeText(request: Amount, limit: Amount): string {
  return request.text === limit.text ? request.text : `${request.text}, limit ${limit.text}`;
}

function mountLine({ role, source, path, outcome, note }: Preview['mounts'][number]): string {
  const where = path === '' ? '' : ` at ${path}`;
  return `${role === '' ? '' : `${role}: `}${source}${where}: ${outcomeWords[outcome]}${note === '' ? '' : `. ${note}`}`;
}

/** What becomes of a mount, in a word or two. */
export const outcomeWords: Readonly<Record<Preview['mounts'][number]['outcome'], string>> = {
  mounted: 'mounted',
  dropped: 'left out',
  fails: 'fails',
  unused: 'not used',
};

function totalLines({ totals }: Preview): readonly string[] {
  if (!totals) return [];
  const { least, most } = totals;
  if (sumText(least) === sumText(most)) return ['', `Asked of the cluster: ${sumText(least)}`];
  return ['', `Asked of the cluster, at least: ${sumText(least)}`, `Asked of the cluster, at most: ${sumText(most)}`];
}

/** `3 pods, processors 3, memory 4.1 GiB`. */
export function sumText({ pods, cpu, memory }: PreviewSum): string {
  const count =
    pods.least === undefined ? `number of pods: ${pods.text}` : `${pods.text} ${pods.text === '1' ? 'pod' : 'pods'}`;
  return `${count}, processors ${cpu.text}, memory ${memory.text}`;
}
