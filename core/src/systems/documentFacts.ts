import type { ObjectView } from '#core/lint/rules/object.ts';
import { viewPod, type ContainerView } from '#core/lint/rules/pods.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import type { ContainerFacts, DocumentFacts } from '#core/systems/contract.ts';

/**
 * A text as it is written, for texts with a language of their own: a script, a file. What looks like a placeholder, `${HOSTNAME}`, may be
 * one of that language. Undefined when a template fills in a part of it.
 */
export function writtenText(view: NodeView): string | undefined {
  const { content } = view;
  if (content?.kind !== 'scalar' || content.value.type !== 'string') return undefined;
  return view.isOpen || content.text.includes('{{') ? undefined : content.text;
}

/** What recognition asks of an object, from its view. */
export function readDocumentFacts(object: ObjectView): DocumentFacts {
  const { group, version, kind } = object.kind;
  const pod = viewPod(object);
  const labels = [object.metadata, ...(pod ? [pod.metadata] : [])].flatMap((metadata) => [
    ...metadata.field('labels').textEntries,
  ]);
  const containers = pod?.containers.filter(({ list }) => list === 'containers') ?? [];
  return {
    group,
    version,
    kind,
    name: object.metadata.field('name').text ?? '',
    labels: new Map(labels),
    containers: containers.map(readContainer),
    dataKeys: object.root.field('data').fields.flatMap(({ step }) => (typeof step === 'string' ? [step] : [])),
  };
}

function readContainer({ view }: ContainerView): ContainerFacts {
  const texts = (list: NodeView, name: string): string[] => list.items.flatMap((item) => item.field(name).text ?? []);
  return {
    name: view.field('name').text ?? '',
    image: view.field('image').text ?? '',
    command: [view.field('command'), view.field('args')]
      .flatMap((list) => list.items.flatMap((item) => writtenText(item) ?? []))
      .join(' '),
    variables: texts(view.field('env'), 'name'),
    ports: view.field('ports').items.flatMap((port) => port.field('containerPort').integer ?? []),
    mountPaths: texts(view.field('volumeMounts'), 'mountPath'),
  };
}
