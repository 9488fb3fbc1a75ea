import { element, type DetailElement } from '#core/live/detail/html.ts';
import { section, table } from '#core/live/detail/parts.ts';
import { clean } from '#core/live/detail/words.ts';
import { plainText } from '#core/live/plainText.ts';
import type { ContainerPreview, MountPreview, PodPreview, Preview } from '#core/preview/model.ts';
import { outcomeWords, rangeText, sumText } from '#core/preview/text.ts';

/** What a container gets is meant to be copied, so it is shown whole. */
const TEXT_LIMIT = 100_000;

export interface PreviewPageParts {
  /** The file and, where it has several documents, the place in it. */
  readonly origin: string;
  /** Several for a List; none while nothing could be told. */
  readonly previews: readonly Preview[];
  /** Why what is shown is not of the text as it is now, or why there is nothing; empty otherwise. */
  readonly note: string;
}

/** The page beside the editor: what the operator will create of the document at the cursor. */
export function previewPage({ origin, previews, note }: PreviewPageParts): DetailElement {
  const [first] = previews;
  const title = first ? `${first.kind} ${nameText(first)}` : 'Preview';
  return element(
    'article',
    { 'aria-labelledby': 'title' },
    element(
      'header',
      {},
      element('h1', { id: 'title' }, clean(title)),
      element('p', { class: 'origin' }, clean(origin)),
      // Read out when it changes, and only then.
      element('p', { class: note === '' ? 'origin' : 'note', role: 'status' }, clean(note)),
    ),
    previews.map((preview, index) => previewSections(preview, index, previews.length > 1)),
  );
}

function nameText({ name }: Preview): string {
  return name === '' ? 'without a name' : name;
}

function previewSections(preview: Preview, index: number, isOneOfMany: boolean): readonly DetailElement[] {
  const id = (part: string): string => `${part}-${index}`;
  const { operator, summary } = preview;
  const heading = isOneOfMany && element('p', { class: 'verdict' }, clean(`${preview.kind} ${nameText(preview)}`));
  const sections = [
    element('div', { 'data-key': id('summary') }, heading, element('p', { class: 'verdict' }, clean(summary))),
    podsSection(id('pods'), preview),
    memorySection(id('memory'), preview.pods),
    objectsSection(id('objects'), preview),
    mountsSection(id('mounts'), preview.mounts),
    listSection(
      id('then'),
      'What happens then',
      preview.behaviour.map(({ subject, text }) => `${subject}: ${text}`),
    ),
    textsSection(id('texts'), preview),
    listSection(id('unknown'), 'Not known from the manifest', [
      ...preview.unknowns,
      `This is computed from the text, after what the ${operator} does. No cluster was asked.`,
    ]),
  ];
  return sections.filter((one) => one !== undefined);
}

function podsSection(id: string, { pods, totals }: Preview): DetailElement | undefined {
  if (pods.length === 0) return undefined;
  const rows = pods.flatMap((pod) =>
    pod.containers.map((container, index) => ({ pod, container, isFirst: index === 0 })),
  );
  const sums =
    totals === undefined
      ? []
      : sumText(totals.least) === sumText(totals.most)
        ? [`All pods ask for: ${sumText(totals.least)}.`]
        : [`At least: ${sumText(totals.least)}.`, `At most: ${sumText(totals.most)}.`];
  return section(
    id,
    'Pods',
    table(
      'Containers and what they ask for',
      [
        { title: 'Pods', isHead: true, isLong: true, cell: ({ pod, isFirst }) => (isFirst ? podNames(pod) : '') },
        { title: 'Count', cell: ({ pod, isFirst }) => (isFirst ? clean(pod.count.text) : '') },
        { title: 'Container', isLong: true, cell: ({ container }) => containerName(container) },
        {
          title: 'Processors',
          isNumber: true,
          cell: ({ container }) => clean(rangeText(container.cpuRequest, container.cpuLimit)),
        },
        {
          title: 'Memory',
          isNumber: true,
          cell: ({ container }) => clean(rangeText(container.memoryRequest, container.memoryLimit)),
        },
        { title: 'Also', isLong: true, cell: ({ container }) => clean(container.others.join(', ')) },
      ],
      rows,
      ({ pod, container }) => `${pod.role}/${container.name}`,
    ),
    sums.map((text) => element('p', {}, clean(text))),
  );
}

function podNames({ role, names }: PodPreview): readonly DetailElement[] {
  return [
    element('strong', {}, clean(role)),
    element(
      'ul',
      { class: 'evidence' },
      names.map((name) => element('li', {}, clean(name))),
    ),
  ];
}

function containerName({ name, image, isInit }: ContainerPreview): readonly (DetailElement | string)[] {
  const what = isInit ? `${name} (init)` : name;
  return image === '' ? [clean(what)] : [clean(what), ' ', element('span', { class: 'source' }, clean(image))];
}

function memorySection(id: string, pods: readonly PodPreview[]): DetailElement | undefined {
  const rows = pods.flatMap(({ role, memoryParts }) => memoryParts.map((part) => ({ role, ...part })));
  if (rows.length === 0) return undefined;
  return section(
    id,
    'Memory of a pod',
    table(
      'What the memory is made of',
      [
        { title: 'Pod', isHead: true, cell: ({ role }) => clean(role) },
        { title: 'Part', cell: ({ what }) => clean(what) },
        { title: 'Amount', isNumber: true, cell: ({ amount }) => clean(amount.text) },
        { title: 'From', isLong: true, cell: ({ from }) => clean(from) },
      ],
      rows,
      ({ role, what }) => `${role}/${what}`,
    ),
  );
}

function objectsSection(id: string, { objects }: Preview): DetailElement | undefined {
  if (objects.length === 0) return undefined;
  return section(
    id,
    'Objects',
    table(
      'What is created beside the pods',
      [
        { title: 'Kind', cell: ({ kind }) => clean(kind) },
        { title: 'Name', isHead: true, isLong: true, cell: ({ name }) => clean(name) },
        { title: 'What for', isLong: true, cell: ({ what }) => clean(what) },
      ],
      objects,
      ({ kind, name }) => `${kind}/${name}`,
    ),
  );
}

const outcomeLevels: Readonly<Record<MountPreview['outcome'], string>> = {
  mounted: '',
  dropped: 'warning',
  fails: 'unhealthy',
  unused: 'unknown',
};

function mountsSection(id: string, mounts: readonly MountPreview[]): DetailElement | undefined {
  if (mounts.length === 0) return undefined;
  return section(
    id,
    'Volumes, ConfigMaps and Secrets',
    table(
      'What is mounted and what is not',
      [
        { title: 'Pod', cell: ({ role }) => clean(role) },
        { title: 'Source', isHead: true, isLong: true, cell: ({ source }) => clean(source) },
        { title: 'Path', isLong: true, cell: ({ path }) => clean(path) },
        {
          title: 'Outcome',
          cell: ({ outcome }) => element('span', { class: outcomeLevels[outcome] }, outcomeWords[outcome]),
        },
        { title: 'Note', isLong: true, cell: ({ note }) => clean(note) },
      ],
      mounts,
      ({ role, source, path }) => `${role}/${source}/${path}`,
    ),
  );
}

function listSection(id: string, title: string, items: readonly string[]): DetailElement | undefined {
  if (items.length === 0) return undefined;
  return section(
    id,
    title,
    element(
      'ul',
      {},
      items.map((item) => element('li', {}, clean(item))),
    ),
  );
}

function textsSection(id: string, { texts }: Preview): DetailElement | undefined {
  if (texts.length === 0) return undefined;
  return section(
    id,
    'What the containers get',
    texts.map(({ title, content }) =>
      element(
        'details',
        { 'data-key': clean(title) },
        element('summary', {}, clean(title)),
        element('p', { class: 'value' }, plainText(content, TEXT_LIMIT)),
      ),
    ),
  );
}
